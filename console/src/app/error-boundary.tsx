import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Failed } from '../kit/states'

/** How browsers and the loader of a page's styles say that a file did not come. */
const MISSING =
  /dynamically imported module|Importing a module script failed|Unable to preload CSS/i

interface Props {
  /** another value is another page: the fault of the one before is over */
  of: string
  children: ReactNode
}

/** A fault in a page stays in that page: navigation and the others go on. */
export class ErrorBoundary extends Component<Props, { error: Error | null; of: string }> {
  override state: { error: Error | null; of: string } = { error: null, of: this.props.of }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }
  static getDerivedStateFromProps(props: Props, state: { of: string }) {
    return props.of === state.of ? null : { error: null, of: props.of }
  }
  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    console.error(error, componentStack)
  }
  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    // whether for a gateway that is away or one that was updated, browsers do not say
    const missing = MISSING.test(error.message)
    return (
      <Failed
        error={
          missing
            ? new Error(
                'Its files did not come: the gateway does not answer, or was updated meanwhile. It has to be loaded anew.',
              )
            : error
        }
        retry={() => (missing ? location.reload() : this.setState({ error: null }))}
      />
    )
  }
}
