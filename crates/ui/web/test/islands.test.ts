import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { badge, readInbox, readUnread } from '../src/islands/bell';
import '../src/islands/bulk';
import { range } from '../src/islands/bulk';
import { readSuggestions } from '../src/islands/combobox';
import '../src/islands/confirm';
import { matches } from '../src/islands/confirm';
import { moved, square, type View } from '../src/islands/crop';
import { startDialogs } from '../src/islands/dialogs';
import { accepts, size } from '../src/islands/file-drop';
import { claim } from '../src/islands/forms';
import { step } from '../src/islands/menu';
import { commands, readResults, search } from '../src/islands/palette';
import { creation, decoded, encoded, request } from '../src/islands/passkey';
import '../src/islands/print';
import '../src/islands/resend';
import { pause } from '../src/islands/retry';
import { middle, showCurrent } from '../src/islands/scrolled';
import { relative } from '../src/islands/time';
import { startToasts, toast } from '../src/islands/toast';
import { page, settled } from './page';

describe('bell', () => {
  test('reads only what it can trust', () => {
    const inbox = readInbox({
      unread: 2.7,
      items: [
        { id: '1', title: 'Hi', body: 3, path: '//evil.example', created_at: '2026-01-01T00:00:00Z', read: 'yes' },
        { title: 'no id' },
        null,
      ],
    });
    expect(inbox).toEqual({
      unread: 2,
      items: [{ id: '1', title: 'Hi', body: '', path: '/app/notifications', created_at: '2026-01-01T00:00:00Z', read: false }],
    });
    expect(readInbox({ unread: '2', items: [] })).toBeUndefined();
    expect(readInbox(undefined)).toBeUndefined();
  });

  test('an event is a count or nothing', () => {
    expect(['{"unread":3}', '{"unread":-1}', '{"unread":"3"}', '{}', 'x'].map(readUnread)).toEqual([
      3,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('a long count is cut', () => {
    expect([0, 99, 100].map(badge)).toEqual(['0', '99', '99+']);
  });
});

describe('dialogs', () => {
  test('a link to a page opens the dialog that holds it, unless a new tab is asked for', () => {
    page('<a href="#share-page" data-dialog="d">Share</a><a href="#other" data-dialog="none">Other</a><dialog id="d"></dialog>');
    const opened = vi.fn();
    const dialog = document.querySelector('dialog')!;
    dialog.showModal = opened;
    startDialogs();
    const click = (css: string, init: MouseEventInit = {}) => {
      const event = new MouseEvent('click', { bubbles: true, cancelable: true, ...init });
      document.querySelector(css)!.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(click('a[data-dialog=none]')).toBe(false);
    expect(click('a[data-dialog=d]', { ctrlKey: true })).toBe(false);
    expect(opened).not.toHaveBeenCalled();
    expect(click('a[data-dialog=d]')).toBe(true);
    expect(opened).toHaveBeenCalledOnce();
  });
});

describe('print', () => {
  test('the button is there with the module and prints', () => {
    const printed = vi.fn();
    vi.stubGlobal('print', printed);
    page('<ui-print><button type="button" hidden>Print</button></ui-print>');
    const button = document.querySelector('button');
    expect(button?.hidden).toBe(false);
    button?.click();
    expect(printed).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});

describe('rows of links', () => {
  test('the current one stands in the middle, never before the beginning', () => {
    expect(middle(300, { start: 500, width: 100 })).toBe(400);
    expect(middle(300, { start: 20, width: 60 })).toBe(0);
  });

  test('the row of the page is scrolled', () => {
    page('<nav class="subnav"><ul><li><a href="/a">A</a></li><li><a href="/b" aria-current="page">B</a></li></ul></nav>');
    const row = document.querySelector<HTMLElement>('.subnav');
    const link = document.querySelector<HTMLElement>('[aria-current]');
    if (!row || !link) throw new Error('no row');
    row.getBoundingClientRect = () => new DOMRect(0, 0, 300, 44);
    link.getBoundingClientRect = () => new DOMRect(700, 0, 100, 44);
    showCurrent();
    expect(row.scrollLeft).toBe(600);
  });
});

describe('passkey', () => {
  test('bytes survive the round trip in the one spelling WebAuthn has', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at).buffer;
    const text = encoded(bytes);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(new Uint8Array(decoded(text))).toEqual(new Uint8Array(bytes));
    expect(encoded(new Uint8Array([255, 239, 190]).buffer)).toBe('_---');
  });

  test('options hold bytes where the browser wants them', () => {
    const asked = request({ challenge: 'AQID', rpId: 'localhost', allowCredentials: [{ type: 'public-key', id: 'BA' }] });
    expect([...new Uint8Array(asked.challenge as ArrayBuffer)]).toEqual([1, 2, 3]);
    expect([...new Uint8Array(asked.allowCredentials![0]!.id as ArrayBuffer)]).toEqual([4]);
    expect(request({ challenge: '' }).allowCredentials).toEqual([]);
    const made = creation({ challenge: 'AQ', user: { id: 'Ag', name: 'ada', displayName: 'Ada' } });
    expect([...new Uint8Array(made.user.id as ArrayBuffer)]).toEqual([2]);
    expect(made.user.name).toBe('ada');
  });
});

describe('menu', () => {
  test('arrows wrap', () => {
    expect(step('ArrowDown', 2, 3)).toBe(0);
    expect(step('ArrowUp', 0, 3)).toBe(2);
    expect(step('ArrowUp', -1, 3)).toBe(2);
    expect(step('End', 0, 3)).toBe(2);
    expect(step('x', 0, 3)).toBeUndefined();
    expect(step('ArrowDown', 0, 0)).toBeUndefined();
  });
});

describe('confirm', () => {
  test('the button works once the name is typed', () => {
    page('<form><ui-confirm data-name="Ada Lovelace"><input></ui-confirm><button type="submit">x</button></form>');
    const button = document.querySelector('button')!;
    const input = document.querySelector('input')!;
    expect(button.disabled).toBe(true);
    for (const [typed, disabled] of [['ada', true], [' ada lovelace', false], ['ada lovelace!', true]] as const) {
      input.value = typed;
      input.dispatchEvent(new Event('input'));
      expect(button.disabled, typed).toBe(disabled);
    }
    expect(matches('ÄDA', 'äda')).toBe(true);
  });
});

describe('bulk selection', () => {
  beforeEach(() => {
    const rows = [1, 2, 3, 4].map((id) => `<tr><td><input type="checkbox" data-row value="${id}"></td></tr>`).join('');
    page(
      `<div class="table-frame"><ui-bulk><p data-count></p></ui-bulk><table><tr><th><input type="checkbox" data-all hidden></th></tr>${rows}</table></div>`,
      { counts: { 'ui-selected': ['', 'One', '{count}'] } },
    );
  });
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>('[data-row]')];
  const all = () => document.querySelector<HTMLInputElement>('[data-all]')!;
  const click = (box: HTMLInputElement, shiftKey = false) => box.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey }));

  test('shift selects a range', () => {
    click(boxes()[0]!);
    click(boxes()[2]!, true);
    expect(boxes().map((box) => box.checked)).toEqual([true, true, true, false]);
    expect(document.querySelector('[data-count]')!.textContent).toBe('3');
    expect(all().indeterminate).toBe(true);
    expect(document.querySelectorAll('tr[data-selected]').length).toBe(3);
  });

  test('the head selects all and none', () => {
    all().checked = true;
    all().dispatchEvent(new Event('change'));
    expect(boxes().every((box) => box.checked)).toBe(true);
    expect(document.querySelector('ui-bulk')!.hasAttribute('data-active')).toBe(true);
    all().checked = false;
    all().dispatchEvent(new Event('change'));
    expect(document.querySelector('ui-bulk')!.hasAttribute('data-active')).toBe(false);
  });

  test('a range has two ends', () => {
    expect(range(5, 2)).toEqual([2, 5]);
  });
});

describe('combobox', () => {
  test('suggestions without a value are none', () => {
    expect(readSuggestions([{ value: 'a', label: '', hint: 'h' }, { label: 'x' }, 'y', null])).toEqual([{ value: 'a', hint: 'h' }]);
    expect(readSuggestions({})).toEqual([]);
  });
});

describe('crop', () => {
  const wide: View = { width: 400, height: 200, zoom: 1, x: 200, y: 100 };

  test('shows the middle first', () => {
    expect(square(wide)).toEqual({ x: 100, y: 0, side: 200 });
  });

  test('never leaves the picture', () => {
    const far = moved(wide, { dx: -10_000, dy: -10_000 });
    expect(square(far)).toEqual({ x: 200, y: 0, side: 200 });
    expect(square(moved(far, { zoom: 2 }))).toEqual({ x: 250, y: 50, side: 100 });
  });

  test('zoom has limits', () => {
    expect(moved(wide, { zoom: 0.1 }).zoom).toBe(1);
    expect(moved(wide, { zoom: 99 }).zoom).toBe(4);
  });
});

describe('files', () => {
  test('sizes are written as on the server', () => {
    expect(size(999, 'en')).toBe('999\u00a0B');
    expect(size(1500, 'de')).toBe('1,5\u00a0kB');
    expect(size(999_999, 'en')).toBe('1\u00a0MB');
  });

  test('accept takes endings, types and families', () => {
    expect(accepts('', 'a.exe', '')).toBe(true);
    expect(accepts('image/*,.pdf', 'a.PDF', 'application/pdf')).toBe(true);
    expect(accepts('image/*', 'a.png', 'image/png')).toBe(true);
    expect(accepts('image/*', 'a.exe', 'application/x-msdownload')).toBe(false);
  });
});

describe('forms', () => {
  test('a second submit is refused', () => {
    page('<form></form>');
    const form = document.querySelector('form')!;
    expect([claim(form), claim(form)]).toEqual([true, false]);
  });
});

describe('palette', () => {
  const known = {
    lang: 'en',
    languages: [['en', 'English'], ['de', 'Deutsch']] as [string, string][],
    commands: [{ label: 'People', group: '', path: '/app/accounts', icon: '<svg></svg>' }],
    words: { 'ui-palette-theme': 'Theme: {name}', 'ui-theme-dark': 'Dark', 'ui-palette-language': 'Language: {name}' },
  };

  test('offers places, themes, other languages and what the page adds', () => {
    page('<a data-command="New person" href="/x">x</a>', known);
    const labels = commands().map((entry) => entry.label);
    expect(labels[0]).toBe('New person');
    expect(labels).toContain('People');
    expect(labels).toContain('Theme: Dark');
    expect(labels).toContain('Language: Deutsch');
    expect(labels).not.toContain('Language: English');
  });

  test('results that lead elsewhere are dropped', () => {
    page('', known);
    const results = readResults({
      results: [
        { title: 'Ada', path: '/app/accounts/1', app: 'accounts' },
        { title: 'Evil', path: 'https://evil.example' },
        { path: '/x' },
      ],
    });
    expect(results.map((entry) => [entry.label, entry.group])).toEqual([['Ada', 'People']]);
    expect(readResults(undefined)).toEqual([]);
  });
});

describe('search', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const answering = (status: number, body: unknown) =>
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status })));
  const found = async () => {
    const { entries, failed } = await search('/api/x/search', 'a b', new AbortController().signal);
    return [entries.length, failed];
  };

  test('tells a refusal from a failure', async () => {
    page('');
    answering(200, { results: [{ title: 'A', path: '/a' }] });
    expect(await found()).toEqual([1, false]);
    answering(403, {});
    expect(await found()).toEqual([0, false]);
    answering(503, {});
    expect(await found()).toEqual([0, true]);
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')));
    expect(await found()).toEqual([0, true]);
  });
});

describe('resend', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  const form = (id: string) => page(`<ui-resend data-form="${id}"><form id="held"></form></ui-resend>`);

  test('a form is sent once, however often its page is opened', () => {
    const sent = vi.spyOn(HTMLFormElement.prototype, 'requestSubmit').mockImplementation(() => undefined);
    form('one');
    form('one');
    expect(sent).toHaveBeenCalledTimes(1);
    form('two');
    expect(sent).toHaveBeenCalledTimes(2);
  });

  test('where nothing can be noted, the button is left', () => {
    const sent = vi.spyOn(HTMLFormElement.prototype, 'requestSubmit').mockImplementation(() => undefined);
    vi.stubGlobal('sessionStorage', undefined);
    form('three');
    expect(sent).not.toHaveBeenCalled();
  });
});

describe('retry', () => {
  test('pauses grow to a minute', () => {
    expect([0, 1, 20].map((attempt) => pause(4, attempt))).toEqual([4, 6, 60]);
  });
});

describe('relative time', () => {
  const now = new Date('2026-11-03T12:00:00Z');
  test.each([
    ['2026-11-03T11:59:30Z', 'just now'],
    ['2026-11-03T11:00:01Z', '59 minutes ago'],
    ['2026-11-03T15:00:00Z', 'in 3 hours'],
    ['2026-11-02T11:00:00Z', 'yesterday'],
    ['2026-10-30T12:00:00Z', '4 days ago'],
    ['2024-11-03T12:00:00Z', '2 years ago'],
  ])('%s is %s', (at, text) => {
    page('', { words: { 'ui-now': 'just now' } });
    expect(relative(new Date(at), now, 'en')).toBe(text);
  });
});

describe('toasts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    page('<div id="toasts"></div>', { csrf: 'token' });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const shown = () => document.querySelectorAll('.toast:not([data-leaving])').length;

  test('good news leaves by itself, bad news stays', async () => {
    toast({ tone: 'success', text: '<b>Saved</b>' });
    toast({ tone: 'danger', text: 'Broken' });
    expect(document.querySelector('.toast-text')!.textContent).toBe('<b>Saved</b>');
    vi.advanceTimersByTime(7000);
    await settled();
    expect([...document.querySelectorAll('.toast:not([data-leaving]) .toast-text')].map((it) => it.textContent)).toEqual(['Broken']);
  });

  test('time stands still while it is looked at', () => {
    const node = toast({ text: 'x' });
    node.dispatchEvent(new Event('pointerenter'));
    vi.advanceTimersByTime(60_000);
    expect(shown()).toBe(1);
    node.dispatchEvent(new Event('pointerleave'));
    vi.advanceTimersByTime(7000);
    expect(shown()).toBe(0);
  });

  test('an undo posts with the token and never leaves this host', () => {
    toast({ text: 'x', undo: '/app/x/undo' });
    expect(document.querySelector<HTMLInputElement>('.toast [name="csrf_token"]')!.value).toBe('token');
    toast({ text: 'y', undo: '//evil.example' });
    expect(document.querySelectorAll('.toast form').length).toBe(1);
  });

  test('answers of the server bring toasts along', () => {
    startToasts();
    document.dispatchEvent(new CustomEvent('toast', { detail: { tone: 'odd', text: 'From htmx' } }));
    expect(document.querySelector<HTMLElement>('.toast')!.dataset['tone']).toBe('info');
    document.dispatchEvent(new CustomEvent('toast', { detail: { nothing: true } }));
    expect(shown()).toBe(1);
  });
});
