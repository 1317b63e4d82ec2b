import { create } from 'xmlbuilder2'

export type AtomFeed = {
  title: string
  /** Address of the feed itself and of the page it follows. */
  self: string
  page: string
  author: string
  entries: readonly {
    id: string
    title: string
    summary: string
    words: string
    url: string
    category: string
    publishAt: Date
    updatedAt: Date
  }[]
}

/** Characters that XML 1.0 cannot hold at all. */
const UNSPEAKABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const EPOCH = '1970-01-01T00:00:00.000Z'

/** An Atom feed (RFC 4287), newest first. An empty feed is as old as time itself: nothing ever changed in it. */
export function renderAtomFeed({ title, self, page, author, entries }: AtomFeed): string {
  const text = (words: string) => words.replace(UNSPEAKABLE, '')
  const latest = entries.map((entry) => entry.updatedAt.toISOString()).sort()
  return create(
    { version: '1.0', encoding: 'UTF-8' },
    {
      feed: {
        '@xmlns': 'http://www.w3.org/2005/Atom',
        '@xml:lang': 'it',
        title,
        id: self,
        updated: latest.at(-1) ?? EPOCH,
        author: { name: author },
        link: [
          { '@rel': 'self', '@type': 'application/atom+xml', '@href': self },
          { '@rel': 'alternate', '@type': 'text/html', '@href': page },
        ],
        entry: entries.map((entry) => ({
          title: text(entry.title),
          id: `urn:uuid:${entry.id}`,
          published: entry.publishAt.toISOString(),
          updated: entry.updatedAt.toISOString(),
          link: { '@rel': 'alternate', '@type': 'text/html', '@href': entry.url },
          category: { '@term': entry.category },
          summary: text(entry.summary),
          content: { '@type': 'text', '#': text(entry.words) },
        })),
      },
    },
  ).end({ prettyPrint: true })
}
