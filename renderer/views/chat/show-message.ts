/** Brings a message of the talk into view and marks it for two seconds. False when it is not on the page. */
export function showMessage(messageId: string): boolean {
  const found = document.getElementById(messageId) ?? document.getElementById(`m-${messageId}`);
  if (found === null) return false;
  found.scrollIntoView({ block: 'center' });
  found.classList.remove('told');
  // Reading the width restarts the animation of a message shown twice.
  void found.offsetWidth;
  found.classList.add('told');
  return true;
}
