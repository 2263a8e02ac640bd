// Invoker commands (`command`, `commandfor`) and `closedby` for browsers that do not have them yet.

function invoke(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button[commandfor]') : null;
  const target = button ? document.getElementById(button.getAttribute('commandfor') ?? '') : null;
  if (!(target instanceof HTMLDialogElement)) return;
  const command = button?.getAttribute('command');
  if (command === 'show-modal' && !target.open) target.showModal();
  if (command === 'close' && target.open) target.close();
}

function outside(event: MouseEvent): void {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || dialog.getAttribute('closedby') !== 'any') return;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
}

/** A link to a page whose content also stands in a dialog of this one. */
function open(event: MouseEvent): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-dialog]') : null;
  const dialog = link ? document.getElementById(link.dataset['dialog'] ?? '') : null;
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  if (!dialog.open) dialog.showModal();
}

export function startDialogs(): void {
  document.addEventListener('click', open);
  if (!('commandForElement' in HTMLButtonElement.prototype)) document.addEventListener('click', invoke);
  if (!('closedBy' in HTMLDialogElement.prototype)) document.addEventListener('click', outside);
}
