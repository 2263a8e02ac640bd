// An element that comes alive once, however often it is moved about the page.

export abstract class Island extends HTMLElement {
  #alive = false;

  connectedCallback(): void {
    if (this.#alive) return;
    this.#alive = true;
    this.start();
  }

  /** Called when the element is first on the page, with its content. */
  protected abstract start(): void;
}
