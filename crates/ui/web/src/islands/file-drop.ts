// <ui-file-drop>: files by drop, a list of those chosen, and progress while the form is sent.

import { data, word } from '../lib/data';
import { el, glyph } from '../lib/dom';
import { Island } from '../lib/island';
import { claim } from './forms';
import { toast } from './toast';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size as the server writes it. */
export function size(bytes: number, lang: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value)}\u00a0${UNITS[unit] ?? ''}`;
}

/** Whether a file is of a kind an `accept` attribute names. */
export function accepts(accept: string, name: string, type: string): boolean {
  const kinds = accept.split(',').map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  if (kinds.length === 0) return true;
  return kinds.some((kind) => {
    if (kind.startsWith('.')) return name.toLowerCase().endsWith(kind);
    if (kind.endsWith('/*')) return type.startsWith(kind.slice(0, -1));
    return type === kind;
  });
}

export class UiFileDrop extends Island {
  protected override start(): void {
    const input = this.querySelector('input');
    if (!input) return;
    input.addEventListener('change', () => this.#list(input));
    for (const name of ['dragenter', 'dragover']) {
      this.addEventListener(name, (event) => {
        event.preventDefault();
        this.setAttribute('data-over', '');
      });
    }
    for (const name of ['dragleave', 'drop']) this.addEventListener(name, () => this.removeAttribute('data-over'));
    this.addEventListener('drop', (event) => {
      event.preventDefault();
      const dropped = [...((event as DragEvent).dataTransfer?.files ?? [])];
      this.#put(input, dropped.filter((file) => accepts(input.accept, file.name, file.type)));
    });
    input.form?.addEventListener('submit', (event) => this.#submit(event as SubmitEvent));
  }

  #put(input: HTMLInputElement, files: File[]): void {
    const transfer = new DataTransfer();
    for (const file of input.multiple ? files : files.slice(0, 1)) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #list(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])];
    this.toggleAttribute('data-filled', files.length > 0);
    this.querySelector('[data-files]')?.replaceChildren(
      ...files.map((file) => {
        const label = word('ui-file-remove', { name: file.name });
        const remove = el(
          'button',
          { type: 'button', class: 'button button-icon button-small button-ghost', 'aria-label': label },
          glyph('x'),
        );
        remove.addEventListener('click', () => this.#put(input, files.filter((other) => other !== file)));
        return el(
          'li',
          { class: 'drop-file' },
          glyph('file'),
          el('span', { class: 'truncate' }, file.name),
          el('span', { class: 'muted small num' }, size(file.size, data().lang)),
          remove,
        );
      }),
    );
  }

  /** Sends the form itself, for the progress; shows the page that answers in place of this one. */
  #submit(event: SubmitEvent): void {
    const form = event.target;
    const bar = this.querySelector('progress');
    if (!(form instanceof HTMLFormElement) || !bar || event.defaultPrevented) return;
    event.preventDefault();
    if (!claim(form)) return;
    const request = new XMLHttpRequest();
    const failed = () => {
      bar.hidden = true;
      form.removeAttribute('data-sent');
      toast({ tone: 'danger', text: word('ui-upload-failed') });
    };
    request.upload.addEventListener('progress', (progress) => {
      bar.hidden = false;
      bar.value = progress.lengthComputable ? (100 * progress.loaded) / progress.total : 0;
    });
    request.addEventListener('error', failed);
    request.addEventListener('load', () => {
      const html = (request.getResponseHeader('content-type') ?? '').startsWith('text/html');
      if (html) replacePage(request.responseText, request.responseURL);
      else if (request.status < 400) location.reload();
      else failed();
    });
    request.open('POST', form.action);
    request.setRequestHeader('accept', 'text/html');
    request.send(new FormData(form, event.submitter));
  }
}

/** Shows an answer as if the browser had gone there: it was read already, and its message must not be lost. */
function replacePage(html: string, address: string): void {
  const answer = new DOMParser().parseFromString(html, 'text/html');
  history.pushState(null, '', address);
  document.title = answer.title;
  document.body.replaceWith(document.adoptNode(answer.body));
  document.dispatchEvent(new Event('ui:page'));
}

customElements.define('ui-file-drop', UiFileDrop);
