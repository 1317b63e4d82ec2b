/** Changes to an answer that is not signed yet, by the names of its parts. */
export type Edit = (xml: string) => string

const ASSERTION = '<saml:Assertion'

/** Refuses a change that changes nothing: a case would then try the good answer. */
const changed = (before: string, after: string, what: string): string => {
  if (before === after) throw new Error(`SPID simulator: there is no ${what} to change`)
  return after
}

const inAssertion =
  (edit: Edit): Edit =>
  (xml) => {
    const at = xml.indexOf(ASSERTION)
    return xml.slice(0, at) + edit(xml.slice(at))
  }

const inResponse =
  (edit: Edit): Edit =>
  (xml) => {
    const at = xml.includes(ASSERTION) ? xml.indexOf(ASSERTION) : xml.length
    return edit(xml.slice(0, at)) + xml.slice(at)
  }

/** Gives an attribute of the first such element another value; null takes the attribute away. */
export const attribute =
  (element: string, name: string, value: string | null): Edit =>
  (xml) =>
    changed(
      xml,
      xml.replace(new RegExp(`(<${element}\\b[^>]*?) ${name}="[^"]*"`), (_, start: string) =>
        value === null ? start : `${start} ${name}="${value}"`,
      ),
      `${name} of ${element}`,
    )

/** Gives the first such element another content. */
export const content =
  (element: string, inside: string): Edit =>
  (xml) =>
    changed(
      xml,
      xml.replace(
        new RegExp(`(<${element}\\b[^>]*>)[\\s\\S]*?(</${element}>)`),
        (_, start: string, end: string) => start + inside + end,
      ),
      `content of ${element}`,
    )

/** Takes the first such element away, or puts another text in its place. */
export const without =
  (element: string, instead = ''): Edit =>
  (xml) =>
    changed(
      xml,
      xml.replace(new RegExp(`<${element}\\b[^>]*?(?:/>|>[\\s\\S]*?</${element}>)`), () => instead),
      element,
    )

/** Any other change of the text. */
export const text =
  (from: string, to: string): Edit =>
  (xml) =>
    changed(
      xml,
      xml.replace(from, () => to),
      from,
    )

/** The same changes, of one half only. */
export const assertion = {
  attribute: (element: string, name: string, value: string | null) =>
    inAssertion(attribute(element, name, value)),
  content: (element: string, inside: string) => inAssertion(content(element, inside)),
  without: (element: string, instead?: string) => inAssertion(without(element, instead)),
}
export const response = {
  attribute: (element: string, name: string, value: string | null) =>
    inResponse(attribute(element, name, value)),
  content: (element: string, inside: string) => inResponse(content(element, inside)),
  without: (element: string, instead?: string) => inResponse(without(element, instead)),
}
