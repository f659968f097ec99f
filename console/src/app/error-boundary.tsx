import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Failed } from '../kit/states'
import { FilesMissing, isMissing } from './files-missing'

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
    if (isMissing(error)) return <FilesMissing />
    return <Failed error={error} retry={() => this.setState({ error: null })} />
  }
}
