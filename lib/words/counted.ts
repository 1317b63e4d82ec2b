const NUMBER = new Intl.NumberFormat('it-IT')

/** "1 famiglia", "38 famiglie", "12.400 famiglie": a number with its noun, in the words of the office. */
export const counted = (number: number, one: string, many: string): string =>
  `${NUMBER.format(number)} ${number === 1 ? one : many}`
