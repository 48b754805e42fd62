/** Hands a text to the browser as a file to keep. `page` is the document the link is clicked in. */
export function saveText(file_name: string, text: string, page: Document): void {
  const type = file_name.endsWith('.md') ? 'text/markdown' : 'application/json';
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = page.createElement('a');
  link.href = address;
  link.download = file_name;
  link.click();
  // The download has its own hold on the data once the click was handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
