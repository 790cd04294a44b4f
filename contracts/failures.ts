/** `ApplicationFailure.type` of everything that activities throw; built in activities/failures.ts alone. */
export const failureTypes = {
  auth: 'AuthFailure',
  quota: 'QuotaExhausted',
  rate: 'RateLimited',
  notFound: 'NotFound',
  unsupported: 'Unsupported',
  malformed: 'MalformedResponse',
  transient: 'TransientFailure',
  badInput: 'BadInput',
  database: 'DatabaseFailure',
  payloadTooLarge: 'PayloadTooLarge',
  internal: 'InternalFailure',
} as const;
export type FailureKind = keyof typeof failureTypes;

/** First detail of a quota or rate failure: when a call may be made again (RFC 3339). */
export interface RetryAt {
  retryAt: string;
}
