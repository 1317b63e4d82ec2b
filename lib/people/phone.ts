/** A telephone number in the one form that is kept, and whether texts may arrive there. */
export type Phone = {
  /** E.164: `+` and digits, `+393331234567`. */
  number: string
  /** False for an Italian landline; of foreign numbers only their own network knows. */
  takesTexts: boolean
}

/** Italy's numbering plan: mobiles begin with 3 (9 or 10 digits), landlines with 0, which stays also after +39 (6 to 11). */
const MOBILE = /^3\d{8,9}$/
const LANDLINE = /^0\d{5,10}$/
/** E.164: at most 15 digits; shorter than 7 no country has. */
const FOREIGN = /^\+[1-9]\d{6,14}$/
/** Mobiles with the country's code but without its mark, as address books write them: longer than any mobile alone. */
const MOBILE_WITH_39 = /^39(3\d{9})$/

/**
 * Reads a number as people type it: spaces, points, dashes and brackets are nothing, `00` is `+`, no country is Italy.
 * @returns null when it is no number that can be called
 */
export function readPhone(typed: string): Phone | null {
  const plain = typed.replace(/[\s.\-–/()]/g, '').replace(/^00/, '+')
  const italian = plain.startsWith('+39') ? plain.slice(3) : (MOBILE_WITH_39.exec(plain)?.[1] ?? plain)
  if (MOBILE.test(italian)) return { number: `+39${italian}`, takesTexts: true }
  if (LANDLINE.test(italian)) return { number: `+39${italian}`, takesTexts: false }
  if (plain.startsWith('+39') || !FOREIGN.test(plain)) return null
  return { number: plain, takesTexts: true }
}

/** Whether a code goes to a number as a text: Italian landlines get none, nor countries that the installation does not pay for. */
export const isTextedIn = (phone: Phone, callingCodes: readonly string[]): boolean =>
  phone.takesTexts && callingCodes.some((code) => phone.number.startsWith(`+${code}`))

/** As it is read aloud: "+39 333 1234567". What is not Italian, or was never in this form, stays as it is. */
export const readablePhone = (number: string): string =>
  number.replace(/^\+39(3\d\d|0[26]|0\d\d)(\d+)$/, '+39 $1 $2')
