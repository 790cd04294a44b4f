/** Typed search attributes that every run carries; registered when the embedded server starts. */
export const searchAttributes = {
  platform: 'TidemarkPlatform',
  account: 'TidemarkAccount',
  release: 'TidemarkRelease',
  runKind: 'TidemarkRunKind',
  windowStart: 'TidemarkWindowStart',
  failureKind: 'TidemarkFailureKind',
} as const;

export const searchAttributeTypes: Readonly<Record<string, 'Keyword' | 'Datetime' | 'Int'>> = {
  [searchAttributes.platform]: 'Keyword',
  [searchAttributes.account]: 'Keyword',
  [searchAttributes.release]: 'Int',
  [searchAttributes.runKind]: 'Keyword',
  [searchAttributes.windowStart]: 'Datetime',
  [searchAttributes.failureKind]: 'Keyword',
};
