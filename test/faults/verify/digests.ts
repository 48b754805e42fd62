import { createHash } from 'node:crypto';

/**
 * Whether a digest `<salt>.<hash>` is not what follows from the one before it and these facts. Worked out here once
 * more, so that a fault in the product's own way would show.
 */
export function brokenLink(previous: string, digest: string, facts: readonly string[]): boolean {
  const [salt = '', hash = ''] = digest.split('.');
  const own = createHash('sha256')
    .update(previous.slice(previous.indexOf('.') + 1))
    .update(salt);
  for (const fact of facts) own.update('\u0000').update(fact);
  return own.digest('hex') !== hash;
}
