/**
 * Elements of Word that carry nothing: conditional comments, office tags, styles. One that is never closed reaches to the
 * end: looking for its end again from each beginning would take minutes on a long text.
 */
const NOISE =
  /<!--[\s\S]*?(?:-->|$)|<!\[[^\]]*(?:\]>|$)|<\/?(?:o|w|m|v|st1):[^>]*(?:>|$)|<style[\s\S]*?(?:<\/style>|$)|<xml[\s\S]*?(?:<\/xml>|$)/gi

/** Where a style is kept while it is read: as an attribute of its own name the page's policy refuses it, with a complaint for each. */
const STYLE = 'data-style'
const STYLED = /(<[a-z][^<>]*?)\sstyle\s*=/gi

const isWordListItem = (element: Element): boolean =>
  /mso-list:/i.test(element.getAttribute(STYLE) ?? '') || /^MsoListParagraph/.test(element.className)

/** "·", "o", "§", "-" begin a bullet; "1.", "a)", "iv." a number. */
const NUMBERED = /^\s*(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]/i
const MARKER = /^[\s\u00a0]*(?:[·•o§▪–-]|(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])[\s\u00a0]+/i

function listItemOf(paragraph: Element): { item: HTMLLIElement; ordered: boolean } {
  const words = paragraph.textContent ?? ''
  const item = paragraph.ownerDocument.createElement('li')
  item.innerHTML = paragraph.innerHTML
  dropMarker(item)
  return { item, ordered: NUMBERED.test(words) }
}

/** Takes away what Word drew as bullet or number, wherever the spans begin and end. */
function dropMarker(item: Element): void {
  const marker = MARKER.exec(item.textContent ?? '')?.[0]
  if (!marker) return
  let left = marker.length
  const walker = item.ownerDocument.createTreeWalker(item, 4)
  for (let node = walker.nextNode(); node && left > 0; node = walker.nextNode()) {
    const text = node.nodeValue ?? ''
    node.nodeValue = text.slice(Math.min(left, text.length))
    left -= text.length
  }
}

/** Word writes a list as paragraphs with drawn bullets: neighbours become a list again. */
function rebuildLists(body: HTMLElement): void {
  for (const paragraph of [...body.querySelectorAll('p')].filter(isWordListItem)) {
    const { item, ordered } = listItemOf(paragraph)
    const before = paragraph.previousElementSibling
    const tag = ordered ? 'ol' : 'ul'
    const list =
      before?.tagName.toLowerCase() === tag && before.hasAttribute('data-pasted')
        ? before
        : body.ownerDocument.createElement(tag)
    list.setAttribute('data-pasted', '')
    list.append(item)
    if (list === before) paragraph.remove()
    else paragraph.replaceWith(list)
  }
}

/** Word's and Google's bold and italic are styles of spans. */
function namedEmphasis(body: HTMLElement): void {
  for (const span of body.querySelectorAll('span')) {
    const style = span.getAttribute(STYLE) ?? ''
    const bold = /font-weight:\s*(bold|[6-9]00)/i.test(style)
    const italic = /font-style:\s*italic/i.test(style)
    if (!bold && !italic) continue
    const named = body.ownerDocument.createElement(bold ? 'strong' : 'em')
    named.append(...span.childNodes)
    span.replaceWith(named)
  }
}

/**
 * What was copied from Word or another office program, as plain structure: headings, paragraphs, lists, emphasis, links.
 * It only helps the person who pastes; what is kept is cleaned again on the server.
 */
export function cleanPasted(html: string): string {
  const { body } = new DOMParser().parseFromString(
    html.replace(NOISE, '').replace(STYLED, `$1 ${STYLE}=`),
    'text/html',
  )
  rebuildLists(body)
  namedEmphasis(body)
  for (const element of body.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) if (name !== 'href') element.removeAttribute(name)
  }
  for (const empty of body.querySelectorAll('p, span, strong, em, li')) {
    if (!empty.textContent?.replace(/\u00a0/g, ' ').trim() && !empty.querySelector('img, br')) empty.remove()
  }
  return body.innerHTML
}
