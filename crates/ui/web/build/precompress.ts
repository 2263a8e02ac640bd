// Writes a brotli and a gzip twin beside every public file that shrinks, so that no request compresses anything.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg|json)$/;

export function precompress(): Plugin {
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    writeBundle() {
      for (const file of readdirSync(folder).filter((name) => TEXT.test(name))) {
        const path = join(folder, file);
        const plain = readFileSync(path);
        const twins = {
          br: brotliCompressSync(plain, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
          }),
          gz: gzipSync(plain, { level: 9 }),
        };
        for (const [suffix, packed] of Object.entries(twins)) {
          if (packed.length < plain.length) writeFileSync(`${path}.${suffix}`, packed);
        }
      }
    },
  };
}
