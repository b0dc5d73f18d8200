"""The teller: calls listeners, however many they are, without holding up the event loop."""

from collections import defaultdict
from collections.abc import Callable
from time import thread_time

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

type Listener = Callable[[], None]
type About = str | None

SLICE_SECONDS = 0.005
"""Listeners are called for so long; those that are left have to wait."""

REST = 4
"""How many times as long the event loop is left to others after that."""


class Teller:
    """Calls the listeners to what they want to hear about: an entity, or None for the log.

    Few are called at once. Where there are many, all are called in the end, in the order in
    which they were due; whoever is due again before that is called once.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Have nobody to call yet."""
        self._hass = hass
        self._listeners: defaultdict[About, set[Listener]] = defaultdict(set)
        self._due: dict[Listener, None] = {}
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def async_add_listener(self, listener: Listener, about: About) -> CALLBACK_TYPE:
        """Call a listener from now on; return how to stop."""
        listeners = self._listeners[about]
        listeners.add(listener)

        @callback
        def remove() -> None:
            listeners.discard(listener)
            self._due.pop(listener, None)

        return remove

    @callback
    def async_tell(self, *about: About) -> None:
        """Call the listeners to something, now or soon."""
        for each in about:
            self._due |= dict.fromkeys(self._listeners.get(each, ()))
        if self._cancel is None:
            self._call()

    @callback
    def async_tell_all(self) -> None:
        """Call all listeners, now or soon."""
        self.async_tell(*self._listeners)

    @callback
    def async_stop(self) -> None:
        """Call nobody any more."""
        self._due.clear()
        if self._cancel:
            self._cancel()
            self._cancel = None

    def _call(self) -> None:
        """Call whoever is due, as far as there is time; come back for the others."""
        self._cancel = None
        # Processor time: what else the machine is doing is nobody's fault here.
        start = thread_time()
        while self._due and thread_time() - start < SLICE_SECONDS:
            listener = next(iter(self._due))
            del self._due[listener]
            listener()
        if self._due and self._cancel is None:
            pause = REST * (thread_time() - start)
            self._cancel = self._hass.loop.call_later(pause, self._call).cancel
