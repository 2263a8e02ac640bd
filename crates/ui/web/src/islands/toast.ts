// Toasts: those the server put on the page, those of htmx answers (HX-Trigger: {"toast": {...}}) and those of islands.
//
// Good news leaves by itself, unless somebody is reading it; bad news stays until it is dismissed.

import { el, glyph, localPath } from '../lib/dom';
import { data, word } from '../lib/data';

export interface Toast {
  tone?: 'info' | 'success' | 'warning' | 'danger';
  text: string;
  /** A path that takes the act back when posted to. */
  undo?: string;
}

/** How long good news stays, in milliseconds. */
const STAY = 6000;
/** With an undo people need time to decide. */
const STAY_WITH_UNDO = 10_000;

const GLYPHS: Record<string, string> = { success: 'check', warning: 'alert', danger: 'alert', info: 'info' };

function region(): HTMLElement {
  const found = document.getElementById('toasts');
  if (found) return found;
  const made = el('div', { class: 'toasts', id: 'toasts', role: 'status', 'aria-live': 'polite' });
  document.body.append(made);
  return made;
}

/** Shows a toast. */
export function toast(message: Toast): HTMLElement {
  const tone = message.tone ?? 'info';
  const close = el(
    'button',
    { type: 'button', class: 'button button-icon button-small button-ghost', 'data-dismiss': true, 'aria-label': word('ui-dismiss') },
    glyph('x'),
  );
  const node = el(
    'div',
    { class: 'toast', 'data-tone': tone, ...(tone === 'danger' ? { role: 'alert' } : {}) },
    glyph(GLYPHS[tone] ?? 'info'),
    el('p', { class: 'toast-text' }, message.text),
  );
  const undo = localPath(message.undo);
  if (undo) {
    node.append(
      el(
        'form',
        { method: 'post', action: undo },
        el('input', { type: 'hidden', name: 'csrf_token', value: data().csrf }),
        el('button', { type: 'submit', class: 'button button-small button-plain' }, el('span', {}, word('ui-undo'))),
      ),
    );
  }
  node.append(close);
  region().append(node);
  watch(node);
  return node;
}

/** Takes a toast away. */
export function dismiss(node: Element): void {
  if (node.hasAttribute('data-leaving')) return;
  node.setAttribute('data-leaving', '');
  const gone = () => node.remove();
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (calm || !('getAnimations' in node) || node.getAnimations().length === 0) gone();
  else void Promise.allSettled(node.getAnimations().map((it) => it.finished)).then(gone);
}

/** Lets a toast leave by itself, unless it is bad news. Time stands still while it is looked at. */
export function watch(node: HTMLElement): void {
  if (node.dataset['tone'] === 'danger' || node.dataset['tone'] === 'warning') return;
  const stay = node.querySelector('form') ? STAY_WITH_UNDO : STAY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(node), stay);
  };
  const stop = () => clearTimeout(timer);
  node.addEventListener('pointerenter', stop);
  node.addEventListener('pointerleave', start);
  node.addEventListener('focusin', stop);
  node.addEventListener('focusout', start);
  start();
}

function fromEvent(detail: unknown): Toast | undefined {
  if (typeof detail === 'string') return { text: detail };
  if (typeof detail !== 'object' || detail === null) return undefined;
  const { tone, text, undo } = detail as Record<string, unknown>;
  if (typeof text !== 'string') return undefined;
  const known = tone === 'success' || tone === 'warning' || tone === 'danger' ? tone : 'info';
  return { tone: known, text, ...(typeof undo === 'string' ? { undo } : {}) };
}

/** Takes over the toasts on the page and listens for more. */
export function startToasts(): void {
  for (const node of document.querySelectorAll<HTMLElement>('#toasts .toast')) watch(node);
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('[data-dismiss]') : null;
    const node = target?.closest('.toast');
    if (node) dismiss(node);
  });
  document.addEventListener('toast', (event) => {
    const message = fromEvent((event as CustomEvent<unknown>).detail);
    if (message) toast(message);
  });
}
