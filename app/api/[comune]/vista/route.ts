import { isMunicipalitySlug } from '#lib/access/return-path.ts'
import { env } from '#lib/kernel/env.ts'
import { endLook } from '#lib/people/office/look.commands.ts'
import { fromOurPages, readCookies, viewerWith } from '#lib/session/session.queries.ts'
import { seeOther } from '#lib/web/form-request.http.ts'

type Params = { params: Promise<{ comune: string }> }

/** *Termina*: the colleague who looks at the portal as a family is a colleague again, at that family's page. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const { comune: municipalitySlug } = await params
  if (!fromOurPages(request.headers, env().PUBLIC_ORIGIN)) return new Response(null, { status: 403 })
  if (!isMunicipalitySlug(municipalitySlug)) return new Response(null, { status: 404 })
  const viewer = await viewerWith(readCookies(request.headers.get('cookie')), municipalitySlug)
  const householdId = await endLook(viewer)
  return seeOther(`/admin/${municipalitySlug}${householdId ? `/famiglie/${householdId}` : ''}`)
}
