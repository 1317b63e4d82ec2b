import { Document, Link, Page, renderToBuffer, StyleSheet, Text, View } from '@react-pdf/renderer'
import { fileSummary } from '#lib/files/file-type.ts'
import { type Block, blocksOf } from '#lib/publishing/blocks.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { PDF_COLOURS, registerTypeface } from '#lib/web/typeface.pdf.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { COMMUNICATION_KINDS, type CommunicationKind } from './communication.ts'

registerTypeface()

const { ink, muted, line, blue } = PDF_COLOURS

const styles = StyleSheet.create({
  page: {
    fontFamily: 'Titillium Web',
    fontSize: 11,
    lineHeight: 1.5,
    color: ink,
    padding: 56,
    paddingTop: 44,
    paddingBottom: 72,
  },
  band: { position: 'absolute', top: 0, left: 0, right: 0, height: 8, backgroundColor: blue },
  sender: { fontSize: 12, fontWeight: 700 },
  muted: { color: muted, fontSize: 10 },
  head: { marginTop: 28, marginBottom: 16, paddingBottom: 12, borderBottom: `1pt solid ${line}` },
  title: { fontSize: 22, fontWeight: 700, lineHeight: 1.2, color: blue, marginTop: 4 },
  p: { marginBottom: 8 },
  h2: { fontSize: 15, fontWeight: 700, marginTop: 10, marginBottom: 4 },
  h3: { fontSize: 13, fontWeight: 700, marginTop: 8, marginBottom: 3 },
  item: { flexDirection: 'row', marginBottom: 4 },
  mark: { width: 20 },
  grow: { flexGrow: 1, flexBasis: 0 },
  quote: { marginBottom: 8, paddingLeft: 12, borderLeft: `3pt solid ${line}` },
  rule: { marginVertical: 10, borderBottom: `1pt solid ${line}` },
  strong: { fontWeight: 600 },
  em: { fontStyle: 'italic' },
  files: { marginTop: 16 },
  foot: {
    position: 'absolute',
    left: 56,
    right: 56,
    top: 796,
    paddingTop: 8,
    borderTop: `1pt solid ${line}`,
    fontSize: 9,
    lineHeight: 1.2,
    color: muted,
  },
})

export type PrintedCommunication = {
  title: string
  kind: CommunicationKind
  publishedAt: Date
  body: SafeHtml
  files: readonly { id: string; title: string; mediaType: string; size: number }[]
  sender: string
  municipalityName: string
}

const WEB = /^(https?|mailto|tel):/

function Runs({ block }: { block: Block }) {
  return block.runs.map(({ text, strong, em, href }, index) => {
    const style = [...(strong ? [styles.strong] : []), ...(em ? [styles.em] : [])]
    const key = `${index}-${text.slice(0, 8)}`
    return href && WEB.test(href) ? (
      <Link key={key} src={href} style={style}>
        {text}
      </Link>
    ) : (
      <Text key={key} style={style}>
        {text}
      </Text>
    )
  })
}

function Paragraph({ block }: { block: Block }) {
  if (block.kind === 'rule') return <View style={styles.rule} />
  if (block.kind === 'li')
    return (
      <View style={styles.item}>
        <Text style={styles.mark}>{block.mark}</Text>
        <Text style={styles.grow}>
          <Runs block={block} />
        </Text>
      </View>
    )
  const style = { h2: styles.h2, h3: styles.h3, h4: styles.h3, p: styles.p, quote: styles.quote }[block.kind]
  return (
    <Text style={style} minPresenceAhead={block.kind.startsWith('h') ? 40 : 0}>
      <Runs block={block} />
    </Text>
  )
}

function CommunicationPages({ item }: { item: PrintedCommunication }) {
  const { sender, municipalityName, title, kind, publishedAt, files } = item
  const place = `Mensa scolastica, Comune di ${municipalityName}`
  return (
    <Document
      title={title}
      author={sender}
      subject={place}
      creator="Refettorio"
      producer="Refettorio"
      language="it-IT"
      creationDate={publishedAt}
      modificationDate={publishedAt}
    >
      <Page size="A4" style={styles.page}>
        <View style={styles.band} fixed />
        <Text style={styles.sender}>{sender}</Text>
        <Text style={styles.muted}>{place}</Text>
        <View style={styles.head}>
          <Text style={styles.muted}>
            {COMMUNICATION_KINDS[kind].one}, {instantInWords(publishedAt)}
          </Text>
          <Text style={styles.title}>{title}</Text>
        </View>
        {blocksOf(item.body).map((block) => (
          <Paragraph key={block.position} block={block} />
        ))}
        {files.length > 0 && (
          <View style={styles.files}>
            <Text style={styles.strong}>Allegati, da scaricare nel portale</Text>
            {files.map((file) => (
              <Text key={file.id}>
                {file.title} ({fileSummary(file)})
              </Text>
            ))}
          </View>
        )}
        <Text
          style={styles.foot}
          fixed
          render={({ pageNumber, totalPages }) => `${sender}. Pagina ${pageNumber} di ${totalPages}`}
        />
      </Page>
    </Document>
  )
}

/** A communication as a document to keep: A4, the reader's own values in it, the names of its attachments. */
export const communicationPdf = (item: PrintedCommunication): Promise<Buffer> =>
  renderToBuffer(<CommunicationPages item={item} />)
