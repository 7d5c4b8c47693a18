import { WorthwhileError } from '../../core/errors.ts';

/** gRPC status codes (google.rpc.Code). */
export const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const PASSING: readonly unknown[] = [DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE, undefined];
const FORBIDDEN = 7;
const NOT_FOUND = 5;
const UNAUTHENTICATED = 16;
const INVALID_ARGUMENT = 3;

/** Whether asking again may help: the API is not itself, has had too many questions, or what answered was no API (no code). */
export function isPassing(error: unknown): boolean {
  return (
    PASSING.includes((error as { code?: unknown } | null)?.code) &&
    !NO_CREDENTIALS.test(String(error)) &&
    !EXPIRED.test(String(error))
  );
}

const NO_CREDENTIALS = /could not load the default credentials/i;
/** What Google's token endpoint says of a login that has run out or was withdrawn. */
const EXPIRED = /invalid_grant|invalid_rapt|reauth/i;

/**
 * A failed call in words, with the role or setting that mends it. The failure itself is not kept as the cause: it carries the
 * request with its credentials.
 */
export function cloudBillingFault(error: unknown, on: string): WorthwhileError {
  const {
    code,
    message = String(error),
    reason,
  } = (error ?? {}) as { code?: unknown; message?: string; reason?: string };
  const fault = (kind: 'SOURCE_FORBIDDEN' | 'SOURCE_NOT_FOUND' | 'SOURCE_UNREACHABLE', why: string, fix: string) =>
    new WorthwhileError(kind, why, { on, fix });
  if (NO_CREDENTIALS.test(message)) {
    return fault(
      'SOURCE_FORBIDDEN',
      'there are no Google credentials on this machine',
      'run `gcloud auth application-default login`, or attach a service account to where this runs',
    );
  }
  if (reason === 'SERVICE_DISABLED' || /has not been used in project|is disabled/i.test(message)) {
    return fault(
      'SOURCE_FORBIDDEN',
      'the Cloud Billing API is switched off in the project of these credentials',
      'run `gcloud services enable cloudbilling.googleapis.com` there',
    );
  }
  if (code === FORBIDDEN) {
    return fault(
      'SOURCE_FORBIDDEN',
      'these credentials may not read it',
      'grant the role Billing Account Viewer (roles/billing.viewer) on the billing account to the account this runs as',
    );
  }
  if (code === UNAUTHENTICATED || EXPIRED.test(message)) {
    return fault(
      'SOURCE_FORBIDDEN',
      'Google does not accept these credentials; they may have expired',
      'run `gcloud auth application-default login` again, or see that the service account still exists',
    );
  }
  if (code === NOT_FOUND || code === INVALID_ARGUMENT) {
    return fault('SOURCE_NOT_FOUND', 'Cloud Billing knows nothing of that name', 'correct `cloudBilling.accounts`');
  }
  const why = code === undefined ? 'cannot be reached' : 'gives no good answer';
  return fault(
    'SOURCE_UNREACHABLE',
    `the Cloud Billing API ${why} (${firstLine(message)})`,
    'see that this machine reaches cloudbilling.googleapis.com, then run again',
  );
}

/** The server's own words, without what could be a token in an address. */
function firstLine(message: string): string {
  return message
    .split('\n')[0]!
    .replace(/([?&](key|access_token)=)[^&\s]+/gi, '$1…')
    .slice(0, 160);
}
