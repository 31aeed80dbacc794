-- a copy for tests signs nothing that phones of the original believe
DELETE FROM property_visitor_key;
