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

export function startDialogs(): void {
  if (!('commandForElement' in HTMLButtonElement.prototype)) document.addEventListener('click', invoke);
  if (!('closedBy' in HTMLDialogElement.prototype)) document.addEventListener('click', outside);
}
