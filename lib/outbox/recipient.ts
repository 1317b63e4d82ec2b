/** The first letters of the box and the domain: enough to recognise an address, too little to write to it. */
export function maskedAddress(address: string): string {
  const [box = '', domain = ''] = address.split('@')
  const [host = '', ...rest] = domain.split('.')
  const hide = (text: string) => (text.length <= 1 ? '•' : `${text.slice(0, 1)}•••`)
  return `${hide(box)}@${hide(host)}${rest.length > 0 ? `.${rest.join('.')}` : ''}`
}

/** The country and the last three digits: enough to recognise a number, too little to call it. */
export const maskedPhone = (number: string): string =>
  `${number.startsWith('+39') ? '+39 ' : ''}••• ${number.slice(-3)}`
