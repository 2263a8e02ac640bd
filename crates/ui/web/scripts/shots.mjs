// Screenshots of rendered pages: node scripts/shots.mjs OUT [filter] [--state=palette|account|bell|launchpad|dialog|menu]
// Phone and desk width; language and theme are in the name of the page.
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { browser, pages, serve } from './pages.mjs';

const [out, filter = ''] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const state = process.argv.find((word) => word.startsWith('--state='))?.slice(8);
const SIZES = { desk: { width: 1280, height: 860 }, tablet: { width: 900, height: 860 }, phone: { width: 390, height: 844 } };
const OPEN = {
  palette: '[data-palette]',
  account: '.avatar-button',
  bell: 'ui-bell button',
  launchpad: '.rail-launch:visible, .bar button:visible',
  dialog: '[commandfor="delete-person"]:visible >> nth=0',
  menu: 'ui-menu button >> nth=0',
};

mkdirSync(out, { recursive: true });
const server = await serve();
const chrome = await chromium.launch(browser);
for (const page of pages().filter((name) => name.includes(filter))) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const context = await chrome.newContext({ viewport, hasTouch: size === 'phone', isMobile: size === 'phone', deviceScaleFactor: 1 });
    const tab = await context.newPage();
    tab.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) console.log(`${page} ${size}: ${message.text()}`);
    });
    tab.on('pageerror', (error) => console.log(`${page} ${size}: ${error}`));
    await tab.goto(`${server.address}/${page}`);
    await tab.waitForSelector('html[data-ready]');
    if (state) await tab.click(OPEN[state]);
    await tab.waitForTimeout(350);
    await tab.screenshot({ path: join(out, `${page.replace('/', '-')}.${state ?? 'page'}.${size}.png`), fullPage: !state && size !== 'tablet' });
    await context.close();
  }
}
await chrome.close();
server.close();
