import { plain, type Role } from './roles.js'

const names = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** Names people give such columns, compared as `plain` compares them. For proposals only: nothing is read by them. */
const COMMON: readonly [Role, ReadonlySet<string>][] = [
  [
    'to',
    names(
      'to recipient destination dest dst phone phonenumber msisdn mobile mobilenumber number tonumber receiver destinationnumber destinationaddress cld target recipientnumber phoneno telephone tel callee empfanger empfaenger destinataire rufnummer nummer telefon numero',
    ),
  ],
  [
    'at',
    names(
      'at date time timestamp datetime created createdat sentat sent datesent senttime sentdate sendtime submitted submittedat datecreated messagetime eventtime createdtime createddate requestedat ts day when datum zeit zeitpunkt heure fecha sentts',
    ),
  ],
  [
    'price',
    names(
      'price cost amount charge charged fee total totalprice totalcost priceusd costusd priceeur unitprice preis betrag kosten prix montant coste importe precio billed',
    ),
  ],
  ['currency', names('currency curr priceunit pricecurrency ccy waehrung wahrung devise moneda')],
  ['segments', names('segments numsegments parts smscount units messageparts partscount numparts')],
  ['status', names('status state deliverystatus messagestatus dlr dlrstatus finalstatus')],
  ['error', names('error errorcode err failurecode failurereason reason code')],
  ['direction', names('direction type messagedirection dir mtmo')],
  ['id', names('id messageid sid uuid messageuuid msgid smsid reference ref externalid guid')],
  [
    'outcome',
    names(
      'outcome verified converted conversion conversionstatus isverified verificationstatus approved',
    ),
  ],
  ['ip', names('ip ipaddress clientip remoteaddr sourceip userip')],
]

/** What a column is by its name: 1 for a known one, less for one that holds it, 0 for no likeness. */
export function likeness(name: string, role: Role): number {
  const known = COMMON.find(([candidate]) => candidate === role)?.[1]
  if (known === undefined) return 0
  const bare = plain(name)
  const last = bare.split('.').at(-1) ?? bare
  if (known.has(bare) || known.has(last)) return 1
  return [...known].some((word) => word.length >= 4 && last.includes(word)) ? 0.5 : 0
}
