// <ui-bell>: unread count and a panel of the newest notifications, live over server-sent events.
//
// Without JavaScript it is a link to the inbox. /api/notifications/stream sends {unread}, at once and with every change;
// GET /api/notifications/inbox answers {unread, items} and is asked only when the items are to be shown.

import { counted, word } from '../lib/data';
import { el, glyph, localPath, uid } from '../lib/dom';
import { getJson } from '../lib/http';
import { refresh } from './time';
import { toast } from './toast';

export interface Item {
  id: string;
  title: string;
  body: string;
  path: string;
  created_at: string;
  read: boolean;
}

export interface Inbox {
  unread: number;
  items: Item[];
}

const INBOX = '/api/notifications/inbox';
const STREAM = '/api/notifications/stream';
const SHOWN = 8;

/** What the inbox answered, in a shape that can be trusted. */
export function readInbox(answer: unknown): Inbox | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { unread, items } = answer as Record<string, unknown>;
  if (typeof unread !== 'number' || !Array.isArray(items)) return undefined;
  return { unread: Math.max(0, Math.trunc(unread)), items: items.flatMap(readItem) };
}

function readItem(item: unknown): Item[] {
  if (typeof item !== 'object' || item === null) return [];
  const { id, title, body, path, created_at, read } = item as Record<string, unknown>;
  if (typeof id !== 'string' || typeof title !== 'string') return [];
  return [
    {
      id,
      title,
      body: typeof body === 'string' ? body : '',
      path: localPath(path) ?? '/app/notifications',
      created_at: typeof created_at === 'string' ? created_at : '',
      read: read === true,
    },
  ];
}

/** The count an event of the stream carries. */
export function readUnread(text: string): number | undefined {
  try {
    const { unread } = JSON.parse(text) as { unread?: unknown };
    return typeof unread === 'number' && unread >= 0 ? Math.trunc(unread) : undefined;
  } catch {
    return undefined;
  }
}

/** The number on the bell. */
export function badge(unread: number): string {
  return unread > 99 ? '99+' : String(unread);
}

export class UiBell extends HTMLElement {
  #panel: HTMLElement | undefined;
  #stream: EventSource | undefined;
  #unread: number | undefined;
  #started = false;

  connectedCallback(): void {
    const link = this.querySelector('a');
    if (!link || this.#panel) return;
    this.#panel = el('div', { class: 'panel bell-panel', id: uid('bell'), popover: 'auto', 'aria-label': word('ui-notifications') });
    const button = el('button', {
      type: 'button',
      class: link.className,
      popovertarget: this.#panel.id,
      'aria-label': link.getAttribute('aria-label') ?? '',
      title: link.title,
    });
    button.append(...link.childNodes);
    link.replaceWith(button);
    this.append(this.#panel);
    this.#panel.addEventListener('toggle', (event) => {
      if ((event as ToggleEvent).newState === 'open') void this.#load();
    });
    document.addEventListener('visibilitychange', this.#visible);
    addEventListener('pagehide', this.#leave);
    addEventListener('pageshow', this.#visible);
    this.#listen();
  }

  disconnectedCallback(): void {
    this.#leave();
    document.removeEventListener('visibilitychange', this.#visible);
    removeEventListener('pagehide', this.#leave);
    removeEventListener('pageshow', this.#visible);
  }

  // A hidden tab keeps its stream; one that was frozen looks again.
  #visible = (): void => {
    if (document.visibilityState !== 'visible' || !this.#started) return;
    if (!this.#stream || this.#stream.readyState === EventSource.CLOSED) this.#listen();
  };

  #leave = (): void => {
    this.#stream?.close();
    this.#stream = undefined;
  };

  #listen(): void {
    this.#started = true;
    this.#stream?.close();
    this.#stream = new EventSource(STREAM);
    this.#stream.addEventListener('message', (event) => this.#heard(event));
    // A stream that cannot be had at all is not tried again by the browser: the count of this moment is better than none.
    this.#stream.addEventListener('error', () => {
      if (this.#stream?.readyState === EventSource.CLOSED && this.#unread === undefined) void this.#load();
    });
  }

  #heard(event: MessageEvent<string>): void {
    const unread = readUnread(event.data);
    if (unread === undefined) return;
    const before = this.#unread;
    this.#count(unread);
    const isOpen = this.#panel?.matches(':popover-open') ?? false;
    // What was unread when the page opened is no news.
    const isNews = before !== undefined && unread > before;
    if (isOpen || isNews) void this.#load(isNews);
  }

  async #load(announce = false): Promise<void> {
    const inbox = readInbox(await getJson<unknown>(INBOX));
    if (!inbox) {
      if (this.#panel?.matches(':popover-open')) this.#failed();
      return;
    }
    this.#count(inbox.unread);
    this.#render(inbox);
    const newest = inbox.items.find((item) => !item.read);
    if (announce && newest) toast({ tone: 'info', text: word('ui-bell-new', { title: newest.title }) });
  }

  #count(unread: number): void {
    this.#unread = unread;
    const count = this.querySelector<HTMLElement>('[data-count]');
    if (count) {
      // Drawn by the style sheet: text would have to be said by the label, word for word (WCAG 2.5.3).
      count.dataset.count = badge(unread);
      count.hidden = unread === 0;
    }
    const label = counted('ui-bell-unread', unread);
    this.querySelector('button')?.setAttribute('aria-label', label);
  }

  #render(inbox: Inbox): void {
    const items = inbox.items.slice(0, SHOWN).map((item) => {
      const when = el('time', { datetime: item.created_at, 'data-relative': true, class: 'small muted' });
      return el(
        'li',
        {},
        el(
          'a',
          { class: 'bell-item', href: item.path, ...(item.read ? {} : { 'data-unread': true }) },
          el('span', { class: 'bell-title' }, item.title),
          ...(item.body ? [el('span', { class: 'bell-body small muted' }, item.body)] : []),
          when,
        ),
      );
    });
    const list =
      items.length > 0
        ? el('ul', { class: 'bell-list' }, ...items)
        : el(
            'div',
            { class: 'empty' },
            el('span', { class: 'empty-icon' }, glyph('bell')),
            el('p', { class: 'empty-title' }, word('ui-bell-empty')),
            el('p', { class: 'empty-text' }, word('ui-bell-empty-hint')),
          );
    this.#fill(list);
    if (this.#panel) refresh(this.#panel);
  }

  #failed(): void {
    this.#fill(el('p', { class: 'bell-note muted' }, word('ui-bell-failed')));
  }

  #fill(content: HTMLElement): void {
    this.#panel?.replaceChildren(
      el(
        'div',
        { class: 'bell-head' },
        el('p', { class: 'panel-title' }, word('ui-notifications')),
        el('a', { class: 'link small', href: '/app/notifications' }, word('ui-bell-all')),
      ),
      content,
    );
  }
}

customElements.define('ui-bell', UiBell);
