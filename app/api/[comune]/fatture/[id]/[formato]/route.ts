import { allowedToFamily } from '#lib/access/capabilities.ts'
import { invoicePdf } from '#lib/invoices/invoice.pdf.ts'
import { type InvoiceFormat, invoiceToDownload } from '#lib/invoices/invoice.queries.ts'
import { env } from '#lib/kernel/env.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { readWords } from '#lib/words/words.request.ts'

const TYPES: Record<InvoiceFormat, string> = { pdf: 'application/pdf', xml: 'application/xml; charset=utf-8' }
const isFormat = (text: string): text is InvoiceFormat => Object.hasOwn(TYPES, text)
const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Context = { params: Promise<{ comune: string; id: string; formato: string }> }

/** An invoice of the viewer, as PDF or XML. Not found for a viewer who may not have it. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id, formato } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!allowedToFamily(viewer, 'invoices:read') || !isFormat(formato)) return missing()
  const file = await invoiceToDownload(viewer, id, formato)
  if (!file) return missing()
  const body =
    formato === 'pdf'
      ? new Uint8Array(await invoicePdf(file.document, env().DEMO, await readWords()))
      : file.xml
  return new Response(body, {
    headers: {
      'content-type': TYPES[formato],
      'content-disposition': `attachment; filename="${file.fileName}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
