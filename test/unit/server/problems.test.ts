import { ServiceError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { tellProblem } from '../../../server/problems.js';
import { AuthError, UnsupportedError } from '../../../sources/errors.js';

it('tells what an account lacks as a refusal, and a defect without its words', () => {
  const unsupported = new UnsupportedError('There is no source for tiktok yet: import its files instead');
  expect(tellProblem(unsupported)).toMatchObject({ status: 422, detail: unsupported.message });
  const locked = new AuthError('YouTube needs a credential: set YOUTUBE_API_KEY');
  expect(tellProblem(locked)).toMatchObject({ status: 409, detail: locked.message });
  const away = new ServiceError('Failed to signal Workflow', { cause: new Error('UNAVAILABLE') });
  expect(tellProblem(away).status).toBe(503);
  const defect = tellProblem(new TypeError('canary is not a function'));
  expect(defect.status).toBe(500);
  expect(defect.detail).not.toContain('canary');
});
