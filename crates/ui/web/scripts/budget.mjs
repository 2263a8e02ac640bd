// Fails when what every page loads is heavier than promised: 60 KiB of script and 40 KiB of style, brotli.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const dist = new URL('../dist/', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
const size = (file) => statSync(join(dist, `${file}.br`)).size;

/** The entry with everything it imports statically. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const chunks = [...closure('src/shell.ts')].map((key) => manifest[key]);
const script = chunks.reduce((sum, chunk) => sum + size(chunk.file), 0);
const style = chunks.flatMap((chunk) => chunk.css ?? []).reduce((sum, file) => sum + size(file), 0);
let failed = false;
for (const [what, bytes, limit] of [['script', script, 60], ['style', style, 40]]) {
  const over = bytes > limit * 1024;
  failed ||= over;
  console.log(`shell ${what}: ${(bytes / 1024).toFixed(1)} KiB of ${limit} KiB${over ? '  OVER BUDGET' : ''}`);
}
process.exit(failed ? 1 : 0);
