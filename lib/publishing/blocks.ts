import { type SafeHtml, walkHtml } from './safe-html.ts'

/** A stretch of text of one look. `href`: where it leads. */
export type Run = { text: string; strong: boolean; em: boolean; href: string | null }

/** A paragraph of a text, for documents that know no HTML. `mark`: what stands before a list item. */
export type Block = {
  position: number
  kind: 'h2' | 'h3' | 'h4' | 'p' | 'li' | 'quote' | 'rule'
  mark: string
  runs: Run[]
}

const BLOCK_TAGS: Record<string, Block['kind']> = { h2: 'h2', h3: 'h3', h4: 'h4', p: 'p', li: 'li' }

/** The blocks of a clean text in reading order: what is bold, what is a list, where links lead. Pictures tell their description. */
export function blocksOf(body: SafeHtml): Block[] {
  const blocks: Block[] = []
  const lists: { ordered: boolean; next: number }[] = []
  const open: { tag: string; href: string | null }[] = []
  let current: Block | null = null
  const start = (kind: Block['kind'], mark = ''): Block => {
    current = { position: blocks.length, kind, mark, runs: [] }
    blocks.push(current)
    return current
  }
  const isIn = (tag: string) => open.some((outer) => outer.tag === tag)
  const add = (text: string) => {
    if (!text.trim() && !current) return
    const block = current ?? start(isIn('blockquote') ? 'quote' : 'p')
    const look = {
      strong: isIn('strong'),
      em: isIn('em'),
      href: open.findLast((outer) => outer.href)?.href ?? null,
    }
    const last = block.runs.at(-1)
    const goesOn = last && last.strong === look.strong && last.em === look.em && last.href === look.href
    if (goesOn) last.text += text
    else block.runs.push({ text, ...look })
  }
  walkHtml(body, {
    open: (tag, attributes) => {
      open.push({ tag, href: tag === 'a' ? (attributes.href ?? null) : null })
      const kind = BLOCK_TAGS[tag]
      if (tag === 'ul' || tag === 'ol') {
        lists.push({ ordered: tag === 'ol', next: Number(attributes.start ?? 1) || 1 })
        current = null
      } else if (tag === 'li') {
        const list = lists.at(-1)
        start('li', list?.ordered ? `${list.next++}.` : '•')
      } else if (kind && !(kind === 'p' && isIn('li')))
        start(isIn('blockquote') && kind === 'p' ? 'quote' : kind)
      else if (tag === 'hr') start('rule')
      else if (tag === 'br') add('\n')
      else if (tag === 'img' && attributes.alt) add(`[${attributes.alt}]`)
    },
    close: (tag) => {
      open.pop()
      if (tag === 'ul' || tag === 'ol') lists.pop()
      if (tag in BLOCK_TAGS || tag === 'blockquote' || tag === 'hr') current = isIn('li') ? current : null
    },
    text: add,
  })
  return blocks.filter((block) => block.kind === 'rule' || block.runs.some((run) => run.text.trim()))
}
