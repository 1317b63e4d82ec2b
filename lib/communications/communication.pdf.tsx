import { Document, Link, Page, renderToBuffer, StyleSheet, Text, View } from '@react-pdf/renderer'
import { fileSummary } from '#lib/files/file-type.ts'
import { type Block, blocksOf } from '#lib/publishing/blocks.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import {
  directionOfText,
  documentWords,
  inBothDirections,
  inMarks,
  isolated,
} from '#lib/web/direction.pdf.ts'
import { PDF_COLOURS, PDF_TYPEFACES, typefaces } from '#lib/web/typeface.pdf.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { directionOf, italian, type Words } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import { COMMUNICATION_KINDS, type CommunicationKind } from './communication.ts'

const { ink, muted, line, blue } = PDF_COLOURS

const STYLES = inBothDirections(
  StyleSheet.create({
    page: {
      fontFamily: PDF_TYPEFACES,
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
    run: {},
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
  }),
)

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

type Sheet = (typeof STYLES)['ltr']

function Runs({ block, styles }: { block: Block; styles: Sheet }) {
  return block.runs.map(({ text, strong, em, href }, index) => {
    const style = [styles.run, ...(strong ? [styles.strong] : []), ...(em ? [styles.em] : [])]
    const key = `${index}-${text.slice(0, 8)}`
    const letters = inMarks(text, styles.run.direction)
    return href && WEB.test(href) ? (
      <Link key={key} src={href} style={style}>
        {letters}
      </Link>
    ) : (
      <Text key={key} style={style}>
        {letters}
      </Text>
    )
  })
}

/** A paragraph runs as its own letters do: an office may write in the language of those who read. */
function Paragraph({ block }: { block: Block }) {
  const styles = STYLES[directionOfText(block.runs.map(({ text }) => text).join(''))]
  if (block.kind === 'rule') return <View style={styles.rule} />
  if (block.kind === 'li')
    return (
      <View style={styles.item}>
        <Text style={styles.mark}>{block.mark}</Text>
        <Text style={styles.grow}>
          <Runs block={block} styles={styles} />
        </Text>
      </View>
    )
  const style = { h2: styles.h2, h3: styles.h3, h4: styles.h3, p: styles.p, quote: styles.quote }[block.kind]
  return (
    <Text style={style} minPresenceAhead={block.kind.startsWith('h') ? 40 : 0}>
      <Runs block={block} styles={styles} />
    </Text>
  )
}

function Files({ files, t }: { files: PrintedCommunication['files']; t: Words }) {
  const styles = STYLES[directionOf(t.language)]
  return (
    <View style={styles.files}>
      <Text style={styles.strong}>{t('Allegati, da scaricare nel portale')}</Text>
      {files.map((file) => (
        <Text key={file.id} style={styles.run}>
          {t('{title} ({summary})', { title: written(file.title), summary: fileSummary(file, t) })}
        </Text>
      ))}
    </View>
  )
}

function CommunicationPages({ item, reader }: { item: PrintedCommunication; reader: Words }) {
  const t = documentWords(reader)
  const styles = STYLES[directionOf(t.language)]
  const { sender, municipalityName, title, kind, publishedAt, files } = item
  const place = t('Mensa scolastica, Comune di {name}', { name: written(municipalityName) })
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
        <Text style={styles.sender}>{isolated(sender, t.language)}</Text>
        <Text style={styles.muted}>{place}</Text>
        <View style={styles.head}>
          <Text style={styles.muted}>
            {t('{kind}, {when}', {
              kind: t(COMMUNICATION_KINDS[kind].one),
              when: instantInWords(publishedAt, t),
            })}
          </Text>
          <Text style={STYLES[directionOfText(title)].title}>{inMarks(title, directionOfText(title))}</Text>
        </View>
        {blocksOf(item.body).map((block) => (
          <Paragraph key={block.position} block={block} />
        ))}
        {files.length > 0 && <Files files={files} t={t} />}
        <Text
          style={styles.foot}
          fixed
          render={({ pageNumber, totalPages }) =>
            t('{sender}. Pagina {page} di {pages}', {
              sender: written(sender),
              page: pageNumber,
              pages: totalPages,
            })
          }
        />
      </Page>
    </Document>
  )
}

/**
 * A communication as a document to keep: A4, the reader's own values in it, the names of its attachments. The office's words stay
 * as they were written; what the portal says around them is in the language of the reader.
 */
export async function communicationPdf(item: PrintedCommunication, reader: Words = italian): Promise<Buffer> {
  await typefaces()
  return renderToBuffer(<CommunicationPages item={item} reader={reader} />)
}
