import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  type InvoiceFacts,
  type InvoiceFormat,
  invoiceFacts,
  invoiceToDownload,
} from '#lib/invoices/invoice.queries.ts'
import { invoiceFileName } from '#lib/invoices/invoice.ts'
import { copyFingerprint, invoiceCopy } from '#lib/invoices/invoice-copy.commands.ts'
import { env } from '#lib/kernel/env.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { answerFile } from '#lib/web/file-answer.http.ts'
import { busyWithFiles, overFileBudget } from '#lib/web/refused-file.http.ts'
import type { Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

const TYPES: Record<InvoiceFormat, string> = { pdf: 'application/pdf', xml: 'application/xml; charset=utf-8' }
const isFormat = (text: string): text is InvoiceFormat => Object.hasOwn(TYPES, text)
const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Context = { params: Promise<{ comune: string; id: string; formato: string }> }

/** An invoice of the viewer, as PDF or XML. Not found for a viewer who may not have it. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id, formato } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!allowedToFamily(viewer, 'invoices:read') || !isFormat(formato)) return missing()
  const facts = await invoiceFacts(viewer, id)
  if (!facts) return missing()
  const t = await readWords()
  const identity = {
    tag: formato === 'pdf' ? copyFingerprint(facts, env().DEMO, t.language) : facts.xmlHash,
    headers: {
      'content-type': TYPES[formato],
      'content-disposition': `attachment; filename="${invoiceFileName(facts.document.number)}.${formato}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  }
  return answerFile(
    request,
    identity,
    async (headers) => overFileBudget(viewer, t) ?? send(viewer, facts, formato, headers, t),
  )
}

async function send(
  viewer: Viewer,
  facts: InvoiceFacts,
  format: InvoiceFormat,
  headers: Readonly<Record<string, string>>,
  t: Words,
): Promise<Response> {
  const copy = format === 'pdf' ? await invoiceCopy(viewer, facts, env().DEMO, t) : undefined
  if (copy === null) return busyWithFiles(t)
  const file = await invoiceToDownload(viewer, facts.id, format)
  if (!file) return missing()
  return new Response(copy ? new Uint8Array(copy) : file.xml, { headers })
}
