"""Scopes: what the entities of a rule may have in common, in place of their ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Entities by place, label, device or kind; whatever joins them later belongs to it.

    Places, labels and devices say where to look: in any of them, or everywhere when none
    is given. Domains and integrations say which of what is there, and both must hold.
    As with all targets in Home Assistant, hidden, diagnostic and configuration entities
    belong to it only by a label of their own. Nothing given is no entity.
    """

    floor_ids: tuple[str, ...] = ()
    area_ids: tuple[str, ...] = ()
    device_ids: tuple[str, ...] = ()
    label_ids: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    integrations: tuple[str, ...] = ()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Iterable[str]]) -> Self:
        """Return the scope that a rule's data describe; a missing key is as good as []."""
        return cls(
            **{field.name: tuple(data.get(field.name, ())) for field in fields(cls)}
        )

    @property
    def is_empty(self) -> bool:
        """Whether it can never have any entity."""
        return not any(getattr(self, field.name) for field in fields(self))

    @property
    def has_places(self) -> bool:
        """Whether it says where to look."""
        return bool(
            self.floor_ids or self.area_ids or self.device_ids or self.label_ids
        )

    @property
    def unregistered_domains(self) -> tuple[str, ...]:
        """The domains of which it has entities that are in no registry, too."""
        return () if self.has_places or self.integrations else self.domains

    def entity_ids(
        self, hass: HomeAssistant, unregistered: Iterable[str] = ()
    ) -> set[str]:
        """Return the entities that belong to it now, out of the registry and these."""
        if self.is_empty:
            return set()
        registry = er.async_get(hass)
        found = {
            entity_id
            for entity_id in self._somewhere(hass, registry)
            if (entity := registry.async_get(entity_id)) and self._is_of_kind(entity)
        }
        domains = self.unregistered_domains
        return found.union(
            each for each in unregistered if split_entity_id(each)[0] in domains
        )

    def _somewhere(
        self, hass: HomeAssistant, registry: er.EntityRegistry
    ) -> Iterable[str]:
        """Return the registered entities in the places, or everywhere."""
        if not self.has_places:
            return [
                entity.entity_id
                for entity in registry.entities.values()
                if entity.hidden_by is None and entity.entity_category is None
            ]
        target: dict[str, Any] = {
            "floor_id": list(self.floor_ids),
            "area_id": list(self.area_ids),
            "device_id": list(self.device_ids),
            "label_id": list(self.label_ids),
        }
        selected = async_extract_referenced_entity_ids(hass, TargetSelection(target))
        return selected.indirectly_referenced

    def _is_of_kind(self, entity: er.RegistryEntry) -> bool:
        """Whether an entity is of the domains and integrations, and in use."""
        domain, _ = split_entity_id(entity.entity_id)
        return (
            entity.disabled_by is None
            and (not self.domains or domain in self.domains)
            and (not self.integrations or entity.platform in self.integrations)
        )
