// <ui-crop>: a picture cut to a square before it is sent. The cut picture takes the place of the chosen file in the
// form, so the form is an ordinary upload; without JavaScript the server cuts the middle.

import { word } from '../lib/data';
import { el, uid } from '../lib/dom';
import { Island } from '../lib/island';
import { toast } from './toast';

/** Side of the picture that is sent. */
const SIDE = 512;
/** Side on screen. */
const VIEW = 256;
const MOST_ZOOM = 4;

export interface View {
  /** Size of the picture. */
  width: number;
  height: number;
  /** 1 shows as much as fits. */
  zoom: number;
  /** Centre of the cut, in the picture. */
  x: number;
  y: number;
}

/** The square of the picture that is shown, never beyond its edge. */
export function square(view: View): { x: number; y: number; side: number } {
  const side = Math.min(view.width, view.height) / view.zoom;
  const within = (centre: number, length: number) => Math.min(Math.max(centre - side / 2, 0), length - side);
  return { x: within(view.x, view.width), y: within(view.y, view.height), side };
}

/** The view after a move by screen pixels or to a zoom, its centre back within the picture. */
export function moved(view: View, change: { dx?: number; dy?: number; zoom?: number }): View {
  const zoom = Math.min(Math.max(change.zoom ?? view.zoom, 1), MOST_ZOOM);
  const scale = Math.min(view.width, view.height) / view.zoom / VIEW;
  const next = { ...view, zoom, x: view.x - (change.dx ?? 0) * scale, y: view.y - (change.dy ?? 0) * scale };
  const cut = square(next);
  return { ...next, x: cut.x + cut.side / 2, y: cut.y + cut.side / 2 };
}

export class UiCrop extends Island {
  #picture: ImageBitmap | undefined;
  #view: View = { width: 1, height: 1, zoom: 1, x: 0.5, y: 0.5 };
  #canvas = el('canvas', { class: 'crop-canvas', tabindex: '0', role: 'img', width: String(VIEW), height: String(VIEW) });
  #zoom = el('input', { class: 'range', type: 'range', min: '1', max: String(MOST_ZOOM), step: '0.01', value: '1' });
  #dialog: HTMLDialogElement | undefined;

  protected override start(): void {
    const input = this.querySelector<HTMLInputElement>('input[type="file"]');
    if (!input) return;
    this.#canvas.setAttribute('aria-label', word('ui-crop-hint'));
    this.#zoom.setAttribute('aria-label', word('ui-crop-zoom'));
    this.#dialog = this.#build(input);
    this.append(this.#dialog);
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file && !file.name.startsWith('avatar.')) void this.#open(file, input);
    });
  }

  #build(input: HTMLInputElement): HTMLDialogElement {
    const apply = el('button', { type: 'button', class: 'button button-primary' }, el('span', {}, word('ui-crop-apply')));
    apply.addEventListener('click', () => void this.#apply(input));
    const cancel = el('button', { type: 'button', class: 'button button-plain' }, el('span', {}, word('ui-cancel')));
    cancel.addEventListener('click', () => {
      input.value = '';
      this.#dialog?.close();
    });
    const title = uid('crop');
    const dialog = el(
      'dialog',
      { class: 'dialog dialog-small', 'aria-labelledby': title, closedby: 'any' },
      el('header', { class: 'dialog-head' }, el('h2', { class: 'dialog-title', id: title }, word('ui-crop-apply'))),
      el(
        'div',
        { class: 'dialog-body stack crop' },
        this.#canvas,
        this.#zoom,
        el('p', { class: 'small muted' }, word('ui-crop-hint')),
      ),
      el('footer', { class: 'dialog-foot' }, cancel, apply),
    );
    dialog.addEventListener('cancel', () => {
      input.value = '';
    });
    this.#zoom.addEventListener('input', () => this.#change({ zoom: Number(this.#zoom.value) }));
    this.#canvas.addEventListener('pointerdown', (event) => this.#canvas.setPointerCapture(event.pointerId));
    this.#canvas.addEventListener('pointermove', (event) => {
      if (event.buttons > 0) this.#change({ dx: event.movementX, dy: event.movementY });
    });
    this.#canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#change({ zoom: this.#view.zoom * (event.deltaY < 0 ? 1.08 : 1 / 1.08) });
    });
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
    return dialog;
  }

  #key(event: KeyboardEvent): void {
    const steps: Record<string, { dx?: number; dy?: number; zoom?: number }> = {
      ArrowLeft: { dx: 8 },
      ArrowRight: { dx: -8 },
      ArrowUp: { dy: 8 },
      ArrowDown: { dy: -8 },
      '+': { zoom: this.#view.zoom * 1.1 },
      '-': { zoom: this.#view.zoom / 1.1 },
    };
    const change = steps[event.key];
    if (!change) return;
    event.preventDefault();
    this.#change(change);
  }

  async #open(file: File, input: HTMLInputElement): Promise<void> {
    try {
      this.#picture = await createImageBitmap(file);
    } catch {
      input.value = '';
      toast({ tone: 'danger', text: word('ui-crop-unreadable') });
      return;
    }
    const { width, height } = this.#picture;
    this.#view = { width, height, zoom: 1, x: width / 2, y: height / 2 };
    this.#draw(this.#canvas, VIEW);
    this.#zoom.value = '1';
    this.#dialog?.showModal();
    this.#canvas.focus();
  }

  #change(change: { dx?: number; dy?: number; zoom?: number }): void {
    this.#view = moved(this.#view, change);
    this.#zoom.value = String(this.#view.zoom);
    this.#draw(this.#canvas, VIEW);
  }

  #draw(canvas: HTMLCanvasElement, side: number): void {
    const density = canvas === this.#canvas ? Math.max(devicePixelRatio, 1) : 1;
    canvas.width = canvas.height = Math.round(side * density);
    const context = canvas.getContext('2d');
    if (!context || !this.#picture) return;
    const cut = square(this.#view);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#picture, cut.x, cut.y, cut.side, cut.side, 0, 0, canvas.width, canvas.height);
  }

  async #apply(input: HTMLInputElement): Promise<void> {
    const canvas = document.createElement('canvas');
    this.#draw(canvas, SIDE);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (!blob) return;
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], 'avatar.png', { type: blob.type }));
    input.files = transfer.files;
    this.#dialog?.close();
    this.#preview(canvas);
    // The form says itself whether choosing a picture is already sending it.
    if (this.hasAttribute('data-submit')) input.form?.requestSubmit();
    this.dispatchEvent(new Event('ui:cropped', { bubbles: true }));
  }

  #preview(picture: HTMLCanvasElement): void {
    picture.className = 'avatar avatar-huge';
    this.querySelector('[data-preview]')?.replaceChildren(picture);
  }
}

customElements.define('ui-crop', UiCrop);
