/** What a credential looks like in the text of an error that a library wrote: `Bearer ...`, signed URLs, tokens, private keys. */
const SECRETS: [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 (hidden)'],
  [/([?&;](?:access_token|token|key|sig|signature|x-goog-signature|x-amz-signature)=)[^&\s"']+/gi, '$1(hidden)'],
  [/\bya29\.[\w-]+/g, '(hidden)'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '(hidden)'],
  [/(\/\/[^/\s:@]+):[^/\s@]+@/g, '$1:(hidden)@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '(hidden)'],
];

/** The text with every credential in it hidden: it is kept on disk and shown to whoever may read the run history. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((kept, [pattern, hidden]) => kept.replaceAll(pattern, hidden), text);
}
