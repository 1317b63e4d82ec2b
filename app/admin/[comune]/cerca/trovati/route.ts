import { answerSearch } from '#lib/desk/search.http.ts'
import { currentViewer } from '#lib/session/session.request.ts'

/** What the search of `?q=` finds, for the dialog that is open over every page of the office. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const text = new URL(request.url).searchParams.get('q')
  return answerSearch(await currentViewer(municipalitySlug), municipalitySlug, text)
}
