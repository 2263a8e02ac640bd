// The module every page loads: what the frame needs and the small islands, in one file because together they are
// lighter than a second request. What is heavy is fetched only where a page uses it.

import './styles/index.css';
import './favicon.svg?url';
import './islands/bell';
import './islands/bulk';
import './islands/combobox';
import './islands/confirm';
import './islands/copy';
import './islands/crop';
import './islands/file-drop';
import './islands/live';
import './islands/menu';
import './islands/passkey';
import './islands/password';
import './islands/print';
import './islands/resend';
import './islands/retry';
import './islands/theme';
import './islands/widget';
import { data, forget } from './lib/data';
import { isTyping } from './lib/dom';
import { startDialogs } from './islands/dialogs';
import { startForms } from './islands/forms';
import { forgetPalette, openPalette } from './islands/palette';
import { showCurrent } from './islands/scrolled';
import { startTimes } from './islands/time';
import { startToasts } from './islands/toast';
import { startZone } from './islands/zone';

const HTMX = '[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]';
let htmx: Promise<unknown> | undefined;

function load(): void {
  if (htmx || !document.querySelector(HTMX)) return;
  htmx = import('htmx.org').catch(() => {
    // Asked for again by the next change of the page; until then links and forms work as plain ones.
    htmx = undefined;
  });
}

function shortcuts(event: KeyboardEvent): void {
  const command = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
  if (!command && !slash) return;
  if (!document.querySelector('[data-palette]')) return;
  event.preventDefault();
  openPalette();
}

load();
new MutationObserver((changes) => {
  if (changes.some((change) => change.addedNodes.length > 0)) load();
}).observe(document.documentElement, { childList: true, subtree: true });

startToasts();
startTimes();
startForms();
startDialogs();
showCurrent();
if (data().signed_in) startZone();

document.addEventListener('keydown', shortcuts);
document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-palette]')) openPalette();
});
// Every request of htmx carries the anti-forgery token.
document.addEventListener('htmx:config:request', (event) => {
  const { ctx } = (event as CustomEvent<{ ctx?: { request?: { headers?: Record<string, string> } } }>).detail;
  const headers = ctx?.request?.headers;
  if (headers && data().csrf) headers['x-csrf-token'] = data().csrf;
});
document.addEventListener('ui:page', () => {
  forget();
  forgetPalette();
  showCurrent();
  scrollTo(0, 0);
});
document.documentElement.dataset['ready'] = '';
