"""Everything an anonymous person can reach: roster, hall screen, guide page. One room, all open doors together."""
