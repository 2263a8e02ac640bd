import { defineConfig } from 'vitest/config';
import { icons } from './build/icons.ts';
import { precompress } from './build/precompress.ts';

export default defineConfig({
  // Each app serves its own copy below a path of its own, so nothing may name an absolute path.
  base: './',
  plugins: [icons(), precompress()],
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    target: ['chrome125', 'firefox128', 'safari18'],
    cssMinify: 'lightningcss',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'src/shell.ts' },
  },
  test: {
    environment: 'happy-dom',
    include: ['test/**/*.test.ts'],
  },
});
