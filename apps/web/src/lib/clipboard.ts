/** Copies a text, also where the page came over plain HTTP and browsers give no clipboard to it. @returns whether it is copied */
export async function copyText(text: string): Promise<boolean> {
  const written = isSecureContext
    ? await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      )
    : false
  return written || copySelected(text)
}

function copySelected(text: string): boolean {
  const before = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'visually-hidden'
  // What is outside an open dialog cannot be selected.
  const place = before?.closest('dialog') ?? document.body
  place.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  return done
}
