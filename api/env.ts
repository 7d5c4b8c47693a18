import { OpenAPIHono } from '@hono/zod-openapi';
import { problemResponse } from './problems.ts';
import type { Reader } from './warehouse/reader.ts';

/** What middleware leaves for the routes of one request. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    /** The generation this request reads from its first query to its last. */
    reader: Reader;
  };
}

/** A router whose refused parameters come back as problem+json, each by name. */
export function apiRouter(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const errors = result.error.issues.flatMap((issue) => {
        if (issue.code !== 'unrecognized_keys') {
          return [{ in: result.target, name: issue.path.join('.'), message: issue.message }];
        }
        return issue.keys.map((name) => ({ in: result.target, name, message: 'there is no such parameter' }));
      });
      return problemResponse(c, {
        status: 400,
        kind: 'invalid-parameters',
        title: 'Some parameters are not valid',
        detail: errors.map((error) => `${error.name}: ${error.message}`).join('; '),
        fix: 'see /api/docs for the parameters of this question',
        errors,
      });
    },
  });
}
