import { changeForOffice, readForOffice } from '#lib/meals/office/on-behalf.http.ts'

type Params = { params: Promise<{ comune: string }> }

/** A pupil's month, for a colleague of the office who changes meals. */
export async function GET(request: Request, { params }: Params): Promise<Response> {
  return readForOffice(request, (await params).comune)
}

/** A change of meals that a family asked the office for. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  return changeForOffice(request, (await params).comune)
}
