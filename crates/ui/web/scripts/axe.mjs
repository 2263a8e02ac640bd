// Runs axe over every rendered page, in both themes and languages, at desk and phone width, and with the overlays
// open. Fails on any violation.
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { browser, pages, serve } from './pages.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];
const OVERLAYS = ['[data-palette]', '.avatar-button', 'ui-bell button', '.rail-launch', '[commandfor="delete-person"]', 'ui-menu button'];

// Contrast depends on the theme and names on the language: one page in each covers both.
const all = pages().filter((page) => !page.endsWith('.de.dark'));
if (all.length === 0) {
  console.error('no rendered pages: run `cargo nextest run` first, the tests of the apps write them');
  process.exit(1);
}

async function violations(tab) {
  // Colours in the middle of a transition are nobody's colours.
  await tab.evaluate(() => Promise.all(document.getAnimations().filter((it) => it.effect.getComputedTiming().iterations !== Infinity).map((it) => it.finished)));
  const result = await tab.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), RULES);
  return result.violations.flatMap((found) =>
    found.nodes.map((node) => `${found.id}: ${node.target.join(' ')}\n    ${node.failureSummary.replace(/\n\s*/g, ' ')}`),
  );
}

const server = await serve();
const chrome = await chromium.launch(browser);
let runs = 0;
const found = new Map();
const note = (where, list) => {
  runs += 1;
  for (const text of list) {
    if (!found.has(text)) found.set(text, []);
    found.get(text).push(where);
  }
};
for (const viewport of SIZES) {
  const context = await chrome.newContext({ viewport, bypassCSP: true, reducedMotion: 'reduce' });
  for (const page of all) {
    const tab = await context.newPage();
    const open = async () => {
      await tab.goto(`${server.address}/${page}`);
      await tab.waitForSelector('html[data-ready]');
      await tab.evaluate(axe.source);
    };
    await open();
    note(`${page} ${viewport.width}`, await violations(tab));
    if (page.includes('/feedback.') || page.includes('/table.en')) {
      for (const overlay of OVERLAYS) {
        const button = tab.locator(overlay).first();
        if (!(await button.isVisible())) continue;
        await button.click();
        await tab.waitForTimeout(250);
        note(`${page} ${viewport.width} ${overlay}`, await violations(tab));
        await open();
      }
    }
    await tab.close();
  }
  await context.close();
}
await chrome.close();
server.close();
for (const [text, where] of found) console.log(`${text}\n    on ${where.length} page(s): ${where.slice(0, 4).join(', ')}`);
console.log(`axe: ${runs} runs over ${all.length} pages, ${found.size} violation(s)`);
process.exit(found.size > 0 ? 1 : 0);
