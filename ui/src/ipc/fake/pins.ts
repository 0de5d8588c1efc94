import type { KeyRead, ReadKey } from '../generated/contract';
import { hex64 } from './figures';
import { refusal } from './refusal';

/** What a text would pin, told by its beginning alone. */
export function pinsOf(r: ReadKey): Omit<KeyRead, 'picture' | 'pinned_for'>[] {
  const pin = (algorithm: string, fingerprint: string, about: Partial<KeyRead> = {}) => ({ algorithm, fingerprint, kid: null, says: [], valid_from: null, valid_to: null, ...about });
  const text = r.text.trim();
  if (r.identity) {
    if (!r.identity.subject || !r.identity.issuer) throw refusal('invalid_input', 'An identity is a subject and its issuer: one is missing.');
    return [pin('sigstore-identity', hex64(r.identity.subject.length, 17), { says: [r.identity.subject, r.identity.issuer] })];
  }
  if (text.length < 20) throw refusal('invalid_input', 'This text holds no public key that is known.');
  if (text.startsWith('{"PublicKeyList"')) return [1, 2].map((n) => pin('rsa-pkcs1-sha256', hex64(n, 31), { kid: hex64(n, 32).slice(0, 32), valid_from: '2026-09-01T00:00:00Z', valid_to: '2026-12-01T00:00:00Z' }));
  if (text.startsWith('-----BEGIN CERTIFICATE')) return [pin('x509-root', hex64(text.length, 33), { says: ['CN=Example Time Authority'], valid_from: '2020-01-01T00:00:00Z', valid_to: '2040-01-01T00:00:00Z' })];
  if (text.startsWith('-----BEGIN PGP')) return [pin('openpgp', hex64(text.length, 34).slice(0, 40).toUpperCase(), { says: ['Ada Example <ada@example.com>'] })];
  return [r.algorithm === 'hmac-sha256' ? pin(r.algorithm, '') : pin(r.algorithm ?? 'ed25519', hex64(text.length, 44))];
}
