"""Remember for which space amendments charged more than its bills: it is given back from there."""


def migrate(cr, version):
    """Link the one-off charges of amendments, the penalty left out, to the lines of their space."""
    cr.execute(
        """
        INSERT INTO property_charge_property_lease_line_rel
                    (property_lease_line_id, property_charge_id)
             SELECT line.id, charge.id
               FROM property_lease_amendment amendment
               JOIN property_charge_property_lease_amendment_rel own
                 ON own.property_lease_amendment_id = amendment.id
               JOIN property_charge charge ON charge.id = own.property_charge_id
               JOIN property_lease_line line
                 ON line.lease_id = amendment.lease_id AND line.unit_id = charge.unit_id
              WHERE COALESCE(amendment.penalty, 0) = 0
                 OR charge.id < (
                    SELECT max(property_charge_id)
                      FROM property_charge_property_lease_amendment_rel last
                     WHERE last.property_lease_amendment_id = amendment.id)
        ON CONFLICT DO NOTHING
        """
    )
