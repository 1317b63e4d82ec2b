/**
 * Takes these characters from the end of a text, in one walk from there. An expression such as `/-+$/` begins again at each
 * of the characters, and needs minutes for a long text that holds many of them and ends with another.
 * @param characters each alone, in any order
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
