/** What is pinned and is no bare key: it has no name in records and no period of the reviewer's. */
const OTHERS = ['x509-root', 'openpgp', 'sigstore-root', 'sigstore-identity'];

/** Whether something is a bare key. */
export function isKey(pin: { algorithm: string }): boolean {
  return !OTHERS.includes(pin.algorithm);
}
