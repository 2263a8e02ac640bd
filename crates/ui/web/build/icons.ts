// Writes every Tabler outline icon as one sorted text, `name<TAB>shapes`, which the Rust side embeds and
// searches. Any name an app declares therefore renders without a request of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** The shapes inside an icon's `svg` element, on one line and without what the style sheet says. */
export function shapes(svg: string): string {
  const inner = svg.replace(/<!--[\s\S]*?-->/g, '').match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1] ?? '';
  return inner
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/g, '')
    .replace(/\s*\n\s*/g, '')
    .replace(/\s+\/>/g, '/>')
    .trim();
}

/** All lines, sorted by code unit as Rust compares them. */
export function sprite(files: Map<string, string>): string {
  return [...files]
    .map(([name, svg]) => `${name}\t${shapes(svg)}`)
    .sort((a, b) => (a.split('\t')[0]! < b.split('\t')[0]! ? -1 : 1))
    .join('\n');
}

export function icons(): Plugin {
  return {
    name: 'icons',
    apply: 'build',
    generateBundle() {
      const known = createRequire(import.meta.url).resolve('@tabler/icons/outline/home.svg');
      const folder = dirname(known);
      const files = new Map(
        readdirSync(folder)
          .filter((file) => file.endsWith('.svg'))
          .map((file) => [file.slice(0, -4), readFileSync(join(folder, file), 'utf8')] as const),
      );
      if (files.size < 1000) this.error(`only ${files.size} icons in ${folder}`);
      this.emitFile({ type: 'asset', fileName: 'icons.txt', source: sprite(files) });
    },
  };
}
