import type { SpanView } from '../../../src/http/console/ranges-view'
import { When } from '../kit'

/** What a span of the controls really sums. */
export const Since = ({ span }: { span: SpanView }) => (
  <>
    Since <When at={span.from} />, in whole {span.name.endsWith('h') ? 'hours' : 'days of UTC'}.
  </>
)
