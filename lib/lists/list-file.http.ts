import 'server-only'
import { textStream } from '#lib/web/text-stream.ts'
import { listCsv } from './list.csv.ts'
import { type DownloadedList, shownColumns } from './list.ts'
import { listXlsx } from './list.xlsx.ts'

export const LIST_FORMATS = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export type ListFormat = keyof typeof LIST_FORMATS

export const isListFormat = (text: string): text is ListFormat => Object.hasOwn(LIST_FORMATS, text)

/**
 * A list as a file, which is made while it is taken: nothing of it is held but a batch of lines.
 * @param name of the file, without its ending
 */
export function listFile(
  format: ListFormat,
  name: string,
  { list, state, batches }: DownloadedList,
): Response {
  const columns = shownColumns(list, state)
  const pieces = format === 'csv' ? listCsv(columns, batches) : listXlsx(list.title, columns, batches)
  return new Response(textStream(pieces), {
    headers: {
      'content-type': LIST_FORMATS[format],
      'content-disposition': `attachment; filename="${name}.${format}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
