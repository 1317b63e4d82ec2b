/**
 * A reader of calendars that shares nothing with the writer: it unfolds, refuses what RFC 5545 refuses, and works out
 * instants from the VTIMEZONE it finds in the text.
 */
type Component = Record<string, string> & { alarms: Record<string, string>[] }

const unescaped = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_, letter: string) => (/n/i.test(letter) ? '\n' : letter))

function linesOf(calendar: string): [name: string, value: string][] {
  if (/[^\r]\n/.test(calendar)) throw new Error('a line does not end with CRLF')
  const unfolded = calendar.replaceAll('\r\n ', '').split('\r\n')
  if (unfolded.pop() !== '') throw new Error('the last line does not end')
  return unfolded.map((line) => {
    const at = line.indexOf(':')
    if (!/^[A-Z-]+(;[A-Z-]+=[\w/-]+)*$/.test(line.slice(0, at))) throw new Error(`no property: ${line}`)
    return [line.slice(0, at), line.slice(at + 1)]
  })
}

const REQUIRED = [
  'UID',
  'DTSTAMP',
  'SEQUENCE',
  'DTSTART;TZID=Europe/Rome',
  'DTEND;TZID=Europe/Rome',
  'SUMMARY',
]

/** The events of a calendar, by property; throws at whatever is not well formed. */
export function parseCalendar(calendar: string): { events: Component[]; properties: Record<string, string> } {
  const open: string[] = []
  const events: Component[] = []
  const properties: Record<string, string> = {}
  for (const [name, value] of linesOf(calendar)) {
    const event = events.at(-1)
    if (name === 'BEGIN') {
      open.push(value)
      if (value === 'VEVENT') events.push({ alarms: [] } as unknown as Component)
      if (value === 'VALARM') event?.alarms.push({})
      continue
    }
    if (name === 'END') {
      if (open.pop() !== value) throw new Error(`END:${value} ends nothing`)
      if (value === 'VEVENT')
        for (const needed of REQUIRED) if (!event?.[needed]) throw new Error(`an event without ${needed}`)
      continue
    }
    const place = open.at(-1)
    if (place === 'VCALENDAR') properties[name] = value
    const target = place === 'VALARM' ? event?.alarms.at(-1) : place === 'VEVENT' ? event : null
    if (!target) continue
    if (name in target) throw new Error(`${name} twice`)
    target[name] = unescaped(value)
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} not ended`)
  if (properties.VERSION !== '2.0' || !properties.PRODID) throw new Error('no VERSION or PRODID')
  return { events, properties }
}

const numbers = (stamp: string): [number, number, number, number, number, number] => {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(stamp)?.map(Number) ?? []
  return [y ?? 0, (mo ?? 1) - 1, d ?? 1, h ?? 0, mi ?? 0, s ?? 0]
}

/** The onset of a yearly `BYDAY=-1SU` rule in a year, as wall clock counted in UTC. */
function onset(block: string, year: number): number {
  const month = Number(/BYMONTH=(\d+)/.exec(block)?.[1])
  if (!/BYDAY=-1SU/.test(block) || !month) throw new Error('a rule that this reader does not know')
  const [, , , hours, minutes] = numbers(/DTSTART:(\S+)/.exec(block)?.[1] ?? '')
  const last = new Date(Date.UTC(year, month, 0))
  last.setUTCDate(last.getUTCDate() - last.getUTCDay())
  return last.getTime() + (hours * 60 + minutes) * 60_000
}

/** The instant of a local stamp, by the VTIMEZONE in a calendar. */
export function instantOf(stamp: string, calendar: string): Date {
  const zone = /BEGIN:VTIMEZONE[\s\S]*END:VTIMEZONE/.exec(calendar)?.[0]
  if (!zone) throw new Error('no VTIMEZONE')
  const blocks = zone.match(/BEGIN:(DAYLIGHT|STANDARD)[\s\S]*?END:\1/g) ?? []
  const wall = Date.UTC(...numbers(stamp))
  const year = Number(stamp.slice(0, 4))
  const onsets = blocks
    .flatMap((block) => [year - 1, year].map((y) => ({ at: onset(block, y), block })))
    .sort((a, b) => a.at - b.at)
  const inForce = onsets.filter(({ at }) => at <= wall).at(-1)
  const offset = /TZOFFSETTO:([+-])(\d\d)(\d\d)/.exec(inForce?.block ?? '')
  if (!offset) throw new Error('no offset in force')
  const minutes = (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1)
  return new Date(wall - minutes * 60_000)
}
